import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import type { Network } from './network.js'
import { standardise } from './standardise.js'

/** Sides above which a third pool is needed to keep the dense kernel small. */
const THIRD_POOL = 40

/**
 * The reference network: conv 16 - pool - conv 32 - pool - conv 32 - dense 64 - dense 2, 3x3 same,
 * ReLU, He-normal kernels without truncation. Large images get a third pool.
 */
export const cnn: Network = {
  build: (shape, seed) => {
    let next = 10 * seed
    const heNormal = (inputs: number) => ({
      kernelInitializer: initializers.randomNormal({ stddev: Math.sqrt(2 / inputs), seed: ++next }),
    })
    const same = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
    const conv = (name: string, filters: number, channels: number) =>
      ({ name, filters, ...same, ...heNormal(9 * channels) }) as const
    const pools = Math.max(shape[0], shape[1]) > THIRD_POOL ? 3 : 2
    const [height, width] = [shape[0] >> pools, shape[1] >> pools]
    return sequential({
      layers: [
        layers.conv2d({ ...conv('first', 16, shape[2]), inputShape: [...shape] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d(conv('second', 32, 16)),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d(conv('third', 32, 32)),
        ...(pools > 2 ? [layers.maxPooling2d({ poolSize: 2 })] : []),
        layers.flatten(),
        layers.dense({
          name: 'hidden',
          units: 64,
          activation: 'relu',
          ...heNormal(height * width * 32),
        }),
        layers.dense({ name: 'head', units: 2, ...heNormal(64) }),
      ],
    })
  },
  prepare: standardise,
}
