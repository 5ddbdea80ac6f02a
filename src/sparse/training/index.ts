/**
 * Sparse training: rounds whose steps cost in proportion to the weights that are left.
 *
 * @module tfjs-prune/sparse/training
 */
export { type SparseTrainingOptions, sparseTraining } from './sparse-training.js'
