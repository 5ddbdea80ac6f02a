import { type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { OpenEngine } from '../types.js'

/** How a model runs on a batch, if not by tfjs in one go. */
export interface Running {
  readonly engine?: OpenEngine | undefined
  /** Samples a pass of tfjs. @default the whole batch */
  readonly batchSize?: number
}

/** The outputs of a model with one output for a batch. The caller disposes them. */
export async function runModel(
  model: LayersModel,
  inputs: Tensor[],
  { engine, batchSize }: Running,
): Promise<Tensor> {
  if (engine?.predict) {
    const values = await engine.predict(inputs)
    const samples = inputs[0]!.shape[0]!
    return tensor2d(values, [samples, values.length / samples])
  }
  const xs = inputs.length === 1 ? inputs[0]! : inputs
  const outputs = batchSize ? model.predict(xs, { batchSize }) : model.predictOnBatch(xs)
  return outputs as Tensor
}
