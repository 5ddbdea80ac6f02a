import type { layers } from '@tensorflow/tfjs-layers'

/** Class name of a layer, that of the stock layer for a masking one. */
export function classNameOf(owner: layers.Layer): string {
  return owner.getClassName().replace(/^tfjs-prune>/, '')
}
