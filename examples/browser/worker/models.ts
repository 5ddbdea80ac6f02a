import { type Optimizer, train } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { SIDE } from '../data/draw-digit.js'
import type { DataName } from '../shared/contract.js'

/** A network for a data set, and the optimizer that it is trained with. */
export interface Network {
  /** Makes the untrained network; always the same weights. */
  readonly build: () => LayersModel
  readonly optimizer: () => Optimizer
}

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })

// Layers have names, so that a run that was stored fits the network that is built after a reload.
function forTumours(): LayersModel {
  return sequential({
    layers: [
      layers.dense({
        name: 'wide',
        units: 256,
        activation: 'relu',
        inputShape: [30],
        ...seeded(1),
      }),
      layers.dense({ name: 'narrow', units: 128, activation: 'relu', ...seeded(2) }),
      layers.dense({ name: 'logits', units: 2, ...seeded(3) }),
    ],
  })
}

function forDigits(): LayersModel {
  const convolution = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
  const inputShape = [SIDE, SIDE, 1]
  return sequential({
    layers: [
      layers.conv2d({ ...convolution, name: 'edges', filters: 16, inputShape, ...seeded(1) }),
      layers.maxPooling2d({ name: 'half', poolSize: 2 }),
      layers.conv2d({ ...convolution, name: 'shapes', filters: 32, ...seeded(2) }),
      layers.maxPooling2d({ name: 'quarter', poolSize: 2 }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'hidden', units: 64, activation: 'relu', ...seeded(3) }),
      layers.dense({ name: 'logits', units: 2, ...seeded(4) }),
    ],
  })
}

/** The network of each data set. */
export const NETWORKS: Readonly<Record<DataName, Network>> = {
  tumours: { build: forTumours, optimizer: () => train.momentum(0.002, 0.9) },
  digits: { build: forDigits, optimizer: () => train.momentum(0.01, 0.9) },
}
