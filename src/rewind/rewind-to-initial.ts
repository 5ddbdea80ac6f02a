import type { Rewinder } from '../types.js'

/**
 * Lets the surviving weights restart at W0, with everything else as it was then: the lottery
 * ticket.
 *
 * Optimizer, batch-norm statistics, learning rate and the order of the batches start anew as well.
 *
 * @returns A rewinder.
 * @see Frankle and Carbin 2019, The Lottery Ticket Hypothesis, arXiv 1803.03635.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { rewindToInitial } from 'tfjs-prune'
 *
 * const [initial, trained] = [tensor1d([1]), tensor1d([2])]
 * const weight = { name: 'out/kernel', round: 1, initial, captured: initial, trained, draw: () => tensor1d([3]) }
 * if (rewindToInitial().weights(weight) !== initial) throw new Error('back to the start')
 * ```
 */
export function rewindToInitial(): Rewinder {
  return {
    name: 'rewindToInitial',
    weights: ({ initial }) => initial,
    statistics: 'rewound',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  }
}
