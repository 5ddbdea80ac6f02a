import type { Rewinder } from '../types.js'

/**
 * Keeps the trained weights and goes on training at the last learning rate.
 *
 * Batch-norm statistics and optimizer slots stay as they are; the order of the batches goes on. The
 * slots are those of the last epoch, also where `best` of `fit` keeps the weights of an earlier one.
 *
 * @returns A rewinder.
 * @see Han et al. 2015, Learning both Weights and Connections for Efficient Neural Networks, arXiv
 *   1506.02626.
 *
 * @example
 * ```ts
 * import { fineTune } from 'tfjs-prune'
 *
 * if (fineTune().learningRate !== 'last') throw new Error('the learning rate stays low')
 * ```
 */
export function fineTune(): Rewinder {
  return {
    name: 'fineTune',
    weights: ({ trained }) => trained,
    statistics: 'kept',
    optimizer: 'kept',
    learningRate: 'last',
    dataOrder: 'continued',
  }
}
