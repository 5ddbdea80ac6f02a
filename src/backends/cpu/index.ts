/**
 * The cpu backend of TensorFlow.js, with steps of optimizers that take one pass.
 *
 * @module tfjs-prune/backends/cpu
 */
export { registerCpuUpdates } from './register-cpu-updates.js'
