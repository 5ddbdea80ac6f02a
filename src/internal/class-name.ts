import type { layers } from '@tensorflow/tfjs-layers'

/** Class name of a layer, that of the stock layer for a masking one. */
export function classNameOf(owner: layers.Layer): string {
  return owner.getClassName().replace(/^tfjs-prune>/, '')
}

/** Whether its class has the name of the one that it extends: a class of the caller's. */
export function inheritsItsName(owner: layers.Layer): boolean {
  return !Object.hasOwn(owner.constructor, 'className')
}
