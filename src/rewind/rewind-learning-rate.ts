import type { Rewinder } from '../types.js'

/**
 * Keeps the trained weights and repeats the training with the learning-rate schedule from its
 * start.
 *
 * Batch-norm statistics stay with their weights; the optimizer starts fresh; the order of the
 * batches goes on.
 *
 * @returns A rewinder.
 * @see Renda, Frankle and Carbin 2020, Comparing Rewinding and Fine-tuning, arXiv 2003.02389.
 *
 * @example
 * ```ts
 * import { rewindLearningRate } from 'tfjs-prune'
 *
 * if (rewindLearningRate().learningRate !== 'rewound') throw new Error('the schedule starts again')
 * ```
 */
export function rewindLearningRate(): Rewinder {
  return {
    name: 'rewindLearningRate',
    weights: ({ trained }) => trained,
    statistics: 'kept',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'continued',
  }
}
