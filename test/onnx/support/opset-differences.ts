import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type DifferenceOptions, onnxDifference } from './differences.js'

/** The larger difference of the files of the oldest and the newest version; disposes the model. */
export async function opsetDifference(
  model: LayersModel,
  inputs: Omit<DifferenceOptions, 'options'> = {},
): Promise<number> {
  try {
    const oldest = await onnxDifference(model, { ...inputs, options: { opset: 13 } })
    const newest = await onnxDifference(model, { ...inputs, options: { opset: 22 } })
    return Math.max(oldest, newest)
  } finally {
    model.dispose()
  }
}
