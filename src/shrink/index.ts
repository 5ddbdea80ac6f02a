/**
 * Smaller networks: a pruned model without its dead units, with the same outputs.
 *
 * @module tfjs-prune/shrink
 */

export type { BeforeAfter, Shrunk } from './cut-model.js'
export type { LayerMultiplyAdds } from './kernel-sizes.js'
export {
  type MultiplyAdds,
  type MultiplyAddsOptions,
  multiplyAdds,
} from './multiply-adds.js'
export type { KeptLayer } from './plan.js'
export { type ShrinkOptions, shrink } from './shrink.js'
export type { ShrunkLayer } from './shrunk-layers.js'
