import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  type Mask,
  maskedOptimizer,
  type TrainingContext,
} from 'tfjs-prune'
import { modelWeights } from '../../../src/internal/model-weights.js'

/** A model with a mask and samples, ready to be trained as a round of `prune` trains it. */
export interface Prepared {
  readonly model: LayersModel
  readonly mask: Mask
  readonly xs: tf.Tensor
  readonly ys: Int32Array
  readonly context: TrainingContext
  readonly kept: ReadonlyMap<tf.Variable, Uint8Array>
}

/** Random samples; labels by turns. */
export async function prepare(
  build: () => LayersModel,
  { density, samples }: { density: number; samples: number },
): Promise<Prepared> {
  const model = build()
  const mask = await computeMask(model, { density })
  applyMask(model, mask)
  const [inputs, outputs] = [model.inputs[0]!, model.outputs[0]!].map(
    ({ shape }) => shape.slice(1) as number[],
  )
  const xs = tf.randomNormal([samples, ...inputs!], 0, 1, 'float32', 1)
  const ys = Int32Array.from({ length: samples }, (_, i) => i % outputs![0]!)
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight.variable]))
  const kept = new Map(mask.weights.map(({ name, values }) => [variables.get(name)!, values]))
  const context: TrainingContext = {
    ...{ model, round: 1, density, resumeAt: { epoch: 0, step: 0, batch: 0 }, signal: undefined },
    ...{ learningRate: 'rewound', dataOrder: 'rewound', progress: () => {}, kept },
    hold: (inner) => maskedOptimizer(model, inner, mask),
    checkpoint: async () => {},
    restoreOptimizer: async () => {},
    keepOptimizer: async () => {},
  }
  return { model, mask, xs, ys, context, kept }
}

export function release({ model, xs }: Prepared): void {
  xs.dispose()
  model.dispose()
}
