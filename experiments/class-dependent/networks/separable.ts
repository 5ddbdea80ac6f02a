import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import type { Network } from './network.js'
import { standardise } from './standardise.js'

/**
 * Depthwise separable, 13,458 parameters on gray images: the size of the reference network at
 * 12.5 %. It is trained and not pruned, in the place of the paper's MobileNet.
 */
export const separable: Network = {
  build: (shape, seed) => {
    let next = 100 * seed
    // By the inputs that an output sees: tfjs would count all channels for a depthwise kernel, and
    // the signal would vanish.
    const heNormal = (inputs: number) =>
      initializers.randomNormal({ stddev: Math.sqrt(2 / inputs), seed: ++next })
    const same = { padding: 'same', activation: 'relu' } as const
    const pair = (channels: number, filters: number, strides: number) => [
      layers.depthwiseConv2d({
        name: `depth${filters}`,
        ...same,
        kernelSize: 3,
        strides,
        depthwiseInitializer: heNormal(9),
      }),
      layers.conv2d({
        ...same,
        name: `point${filters}`,
        filters,
        kernelSize: 1,
        kernelInitializer: heNormal(channels),
      }),
    ]
    return sequential({
      layers: [
        layers.conv2d({
          ...same,
          name: 'first',
          filters: 16,
          kernelSize: 3,
          kernelInitializer: heNormal(9 * shape[2]),
          inputShape: [...shape],
        }),
        ...[...pair(16, 32, 2), ...pair(32, 48, 1), ...pair(48, 64, 2), ...pair(64, 96, 1)],
        layers.globalAveragePooling2d({}),
        layers.dense({ name: 'head', units: 2, kernelInitializer: heNormal(96) }),
      ],
    })
  },
  prepare: standardise,
}
