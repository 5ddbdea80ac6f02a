import type { layers } from '@tensorflow/tfjs-layers'

type Call = layers.Layer['call']

const known = new WeakSet<Call>()

/** Notes that a call gives the outputs and gradients of the layer's own class by another way. */
export function noteStockCall(call: Call): Call {
  known.add(call)
  return call
}

/** Whether a call was noted. */
export const isStockCall = (call: Call): boolean => known.has(call)
