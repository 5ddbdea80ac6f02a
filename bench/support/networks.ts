import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })

/** LeNet-300-100 as a plain network: 784-300-100-10, 266,200 weights. */
export function mlp(): LayersModel {
  return sequential({
    layers: [
      layers.dense({ units: 300, activation: 'relu', inputShape: [784], ...seeded(1) }),
      layers.dense({ units: 100, activation: 'relu', ...seeded(2) }),
      layers.dense({ units: 10, ...seeded(3) }),
    ],
  })
}

/** The reference network: conv 16 - pool - conv 32 - pool - dense 64 - dense 2 on 32x32x3. */
export function referenceCnn(): LayersModel {
  const conv = (filters: number) => ({
    filters,
    kernelSize: 3,
    padding: 'same' as const,
    activation: 'relu' as const,
  })
  return sequential({
    layers: [
      layers.conv2d({ ...conv(16), inputShape: [32, 32, 3], ...seeded(1) }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv(32), ...seeded(2) }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu', ...seeded(3) }),
      layers.dense({ units: 2, ...seeded(4) }),
    ],
  })
}

/** A wider one: conv 64 - pool - conv 128 - pool - conv 256 - pool - dense 256 - dense 2. */
export function wideCnn(): LayersModel {
  const conv = (filters: number, seed: number) => ({
    ...{ filters, kernelSize: 3, padding: 'same' as const, activation: 'relu' as const },
    ...seeded(seed),
  })
  const pool = () => layers.maxPooling2d({ poolSize: 2 })
  return sequential({
    layers: [
      layers.conv2d({ ...conv(64, 1), inputShape: [32, 32, 3] }),
      pool(),
      layers.conv2d(conv(128, 2)),
      pool(),
      layers.conv2d(conv(256, 3)),
      pool(),
      layers.flatten(),
      layers.dense({ units: 256, activation: 'relu', ...seeded(4) }),
      layers.dense({ units: 2, ...seeded(5) }),
    ],
  })
}

/** Pixels of a side below which the last pool would leave one pixel. */
const LEAST_FOR_POOL = 100

/**
 * The paper's AlexNet: five convolutions, a global average pool, 256-8-8-2; 2,471,842 parameters.
 * On small images it goes without its third pool.
 */
export function alexNet(side = 224): LayersModel {
  const conv = (filters: number, kernelSize: number, seed: number) =>
    layers.conv2d({ filters, kernelSize, padding: 'same', activation: 'relu', ...seeded(seed) })
  const pool = () => layers.maxPooling2d({ poolSize: 3, strides: 2 })
  const first = {
    filters: 64,
    kernelSize: 11,
    strides: 4,
    activation: 'relu' as const,
    ...seeded(1),
  }
  return sequential({
    layers: [
      layers.zeroPadding2d({ padding: 2, inputShape: [side, side, 3] }),
      layers.conv2d(first),
      pool(),
      conv(192, 5, 2),
      pool(),
      conv(384, 3, 3),
      conv(256, 3, 4),
      conv(256, 3, 5),
      ...(side < LEAST_FOR_POOL ? [] : [pool()]),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 8, activation: 'relu', ...seeded(6) }),
      layers.dense({ units: 8, activation: 'relu', ...seeded(7) }),
      layers.dense({ units: 2, ...seeded(8) }),
    ],
  })
}
