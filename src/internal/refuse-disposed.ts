import type { LayersModel } from '@tensorflow/tfjs-layers'

/** Throws where a weight of the model is gone. */
export function refuseDisposed(model: LayersModel, task: string): void {
  for (const weight of model.weights) {
    try {
      weight.read()
    } catch (cause) {
      const got = `one whose ${weight.originalName} is gone`
      const wanted = 'expected a model that is not disposed'
      throw new TypeError(`Cannot ${task}: ${wanted}, got ${got}`, { cause })
    }
  }
}
