import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type FitOptions, fit, type Train, type TrainingData } from 'tfjs-prune'

/** Share of a training whose epochs are averaged, at its end. */
const SHARE = 1 / 3

/**
 * Trains as `fit` does; the weights of a round are then the mean of those after its last epochs.
 * Pruned weights are 0 in all of them, so that they stay 0.
 */
export function averaged(data: TrainingData, options: FitOptions): Train {
  const last = Math.max(1, Math.round(options.epochs * SHARE))
  let model: LayersModel
  let sums: Float64Array[] = []
  const onEpochEnd = async (epoch: number) => {
    if (epoch < options.epochs - last) return
    for (const [i, weight] of model.weights.entries()) {
      const values = await (weight.read() as Tensor).data()
      sums[i] ??= new Float64Array(values.length)
      values.forEach((value, j) => {
        sums[i]![j]! += value / last
      })
    }
  }
  const train = fit(data, { ...options, callbacks: { onEpochEnd } })
  const trainAndAverage: Train = async (context) => {
    model = context.model
    sums = []
    const result = await train(context)
    for (const [i, weight] of model.weights.entries()) {
      const mean = tensor(Float32Array.from(sums[i]!), weight.shape as number[])
      weight.write(mean)
      mean.dispose()
    }
    return result
  }
  return Object.assign(trainAndAverage, train)
}
