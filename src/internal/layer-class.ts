import type { layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from './model-weights.js'

/** Class name of a layer, that of the stock layer for a masking one. */
export function classNameOf(owner: layers.Layer): string {
  return owner.getClassName().replace(/^tfjs-prune>/, '')
}

/** Whether another weight of its layer stands between the weight and the layer's outputs. */
export function isFirstOfTwo({ owner, role }: ModelWeight): boolean {
  return classNameOf(owner).startsWith('Separable') && role.startsWith('depthwise_kernel')
}
