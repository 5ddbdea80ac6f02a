import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { buildModel } from '../../../examples/support/pneumonia.js'
import type { RoundsNetwork } from './runs.js'

/** 784-300-100-2 on X-rays of 28 x 28. */
function xraysMlp(seed: number): LayersModel {
  const dense = (units: number, next: number) => ({
    ...{ units, kernelInitializer: initializers.heNormal({ seed: 10 * seed + next }) },
  })
  return sequential({
    layers: [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ ...dense(300, 1), activation: 'relu' }),
      layers.dense({ ...dense(100, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
}

export const builders: Readonly<Record<RoundsNetwork, (seed: number) => LayersModel>> = {
  cnn: buildModel,
  mlp: xraysMlp,
}
