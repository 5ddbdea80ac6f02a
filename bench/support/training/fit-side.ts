import type * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { fit, type TrainingEngine, weightedCrossentropy } from 'tfjs-prune'
import type { Side } from '../speed/sides.js'
import { BATCH } from './cases.js'
import { type Prepared, release } from './context.js'

interface Fitting {
  readonly epochs: number
  readonly optimizer: () => tf.Optimizer
  readonly engine?: TrainingEngine
}

/**
 * The whole call of `fit`: batches, steps, the loss, and the compiling of an engine. It gives the
 * weights that it ends with, and owns the model.
 */
export function fitSide(name: string, prepared: Prepared, fitting: Fitting): Side {
  const { model, xs, ys, context } = prepared
  const train = fit({ xs, ys }, { batchSize: BATCH, loss: weightedCrossentropy(), ...fitting })
  return {
    name,
    call: async () => {
      await train(context)
      return weightsOf(model)
    },
    dispose: () => release(prepared),
  }
}

/** All weights one after another. */
function weightsOf(model: LayersModel): Float32Array {
  const arrays = model.getWeights().map((weight) => weight.dataSync() as Float32Array)
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const values of arrays) {
    all.set(values, at)
    at += values.length
  }
  return all
}
