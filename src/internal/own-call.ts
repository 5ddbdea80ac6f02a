import type { layers } from '@tensorflow/tfjs-layers'

const MODELS = ['Model', 'Functional', 'Sequential']

/**
 * Of a nested model: whether a class between that of a model and those of tfjs says what a call
 * does.
 */
export function hasOwnCall(layer: layers.Layer): boolean {
  let at = layer.constructor as { className?: unknown; prototype?: object }
  for (; at && !MODELS.includes(String(at.className)); at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at.prototype ?? {}, 'call')) return true
  return false
}
