import type { layers } from '@tensorflow/tfjs-layers'

/** Class name of a layer, that of the stock layer for a masking one. */
export function classNameOf(owner: layers.Layer): string {
  return owner.getClassName().replace(/^tfjs-prune>/, '')
}

/** Whether its class has the name of one that it extends: a class of the caller's. */
export function inheritsItsName({ constructor: own }: layers.Layer): boolean {
  const { className } = own as { className?: unknown }
  for (let base = Object.getPrototypeOf(own); base; base = Object.getPrototypeOf(base))
    if (base.className === className) return true
  return false
}
