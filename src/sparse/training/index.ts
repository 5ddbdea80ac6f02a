/**
 * Sparse training: rounds whose steps cost less the more is pruned.
 *
 * @module tfjs-prune/sparse/training
 */
export { type SparseTrainingOptions, sparseTraining } from './sparse-training.js'
