import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import type { Network } from './network.js'
import { standardise } from './standardise.js'

/** Sides below which the third pool would leave one pixel. */
const THIRD_POOL = 100

/** The paper's: five convolutions, a global average pool, 256-8-8-2; 2,471,842 parameters. */
export const alexNet: Network = {
  build: (shape, seed) => {
    let next = 1000 * seed
    const kernel = () => ({ kernelInitializer: initializers.heNormal({ seed: ++next }) })
    const conv = (name: string, filters: number, kernelSize: number) =>
      layers.conv2d({ name, filters, kernelSize, padding: 'same', activation: 'relu', ...kernel() })
    const pool = () => layers.maxPooling2d({ poolSize: 3, strides: 2 })
    return sequential({
      layers: [
        layers.zeroPadding2d({ padding: 2, inputShape: [...shape] }),
        layers.conv2d({
          name: 'first',
          filters: 64,
          kernelSize: 11,
          strides: 4,
          activation: 'relu',
          ...kernel(),
        }),
        pool(),
        conv('second', 192, 5),
        pool(),
        conv('third', 384, 3),
        conv('fourth', 256, 3),
        conv('fifth', 256, 3),
        ...(shape[0] < THIRD_POOL ? [] : [pool()]),
        layers.globalAveragePooling2d({}),
        layers.dense({ name: 'hidden', units: 8, activation: 'relu', ...kernel() }),
        layers.dense({ name: 'last', units: 8, activation: 'relu', ...kernel() }),
        layers.dense({ name: 'head', units: 2, ...kernel() }),
      ],
    })
  },
  prepare: standardise,
}
