import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { lookAtSamples, type SamplePass } from './look-at-samples.js'
import { type Moments, runningMoments } from './output-moments.js'

/** Moments of the outputs of kernels in the model as it is, in one pass over the samples. */
export async function gatherMoments(
  model: LayersModel,
  kernels: readonly ModelWeight[],
  pass: SamplePass,
): Promise<Map<string, Moments>> {
  const running = runningMoments(model, kernels)
  try {
    await lookAtSamples(model, running.look, pass)
    return await running.read()
  } finally {
    running.dispose()
  }
}
