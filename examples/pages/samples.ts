import { randomNormal } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })

/** A network for samples of ten numbers. */
export function smallModel(): LayersModel {
  const hidden = layers.dense({ units: 32, activation: 'relu', inputShape: [10], ...seeded(1) })
  return sequential({ layers: [hidden, layers.dense({ units: 2, ...seeded(2) })] })
}

/** Samples of ten numbers; one in seven or so is positive. */
export function labelled(samples: number, seed: number) {
  const xs = randomNormal([samples, 10], 0, 1, 'float32', seed)
  const ys = (xs.arraySync() as number[][]).map(([a, b]) => (a! + b! > 1.5 ? 1 : 0))
  return { xs, ys }
}
