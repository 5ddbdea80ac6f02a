import type { LayersModel } from '@tensorflow/tfjs-layers'
import { optionError } from './option-error.js'

/** Throws a TypeError where a weight of the model is gone: tfjs would name a variable alone. */
export function refuseDisposed({ weights }: LayersModel, task: string): void {
  for (const weight of weights) {
    try {
      weight.read()
    } catch (cause) {
      const message = `Cannot ${task}: expected a model in use, got one disposed of`
      throw optionError(new TypeError(message, { cause }))
    }
  }
}
