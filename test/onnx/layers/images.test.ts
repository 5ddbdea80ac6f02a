import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { onnxDifference } from '../support/differences.js'
import { withSeededWeights } from '../support/seeded-weights.js'

type Layer = layers.Layer

/** The least and the newest version of the operations. */
const OPSETS = [13, 22]

const alone = (shape: (number | null)[], ...all: readonly Layer[]) => {
  const start = input({ shape })
  const end = all.reduce((x, layer) => layer.apply(x) as SymbolicTensor, start)
  return withSeededWeights(model({ inputs: start, outputs: end }))
}

async function expectSame(make: () => ReturnType<typeof alone>): Promise<void> {
  for (const opset of OPSETS) {
    const made = make()
    const options = { batches: [2], options: { opset } }
    expect(await onnxDifference(made, options)).toBeLessThan(1e-5)
    made.dispose()
  }
}

describe.each(['same', 'valid'] as const)('toOnnx with padding %s', (padding) => {
  describe.each([1, 2])('and strides of %i', (strides) => {
    const window = { kernelSize: 3, strides, padding }
    it.each([
      ['Conv1D', [9, 2], () => layers.conv1d({ filters: 3, ...window, useBias: false })],
      [
        'Conv2D',
        [7, 8, 2],
        () => layers.conv2d({ filters: 3, ...window, kernelSize: [3, 2], activation: 'relu' }),
      ],
      ['Conv3D', [5, 6, 5, 2], () => layers.conv3d({ filters: 3, ...window })],
      [
        'DepthwiseConv2D',
        [7, 8, 2],
        () => layers.depthwiseConv2d({ ...window, depthMultiplier: 2, activation: 'softmax' }),
      ],
      [
        'SeparableConv2D',
        [7, 8, 2],
        () => layers.separableConv2d({ filters: 4, ...window, depthMultiplier: 2 }),
      ],
    ] as [string, number[], () => Layer][])('says a %s', async (_, shape, layer) => {
      await expectSame(() => alone(shape, layer()))
    })

    // The wasm backend of tfjs gives other outputs than its cpu backend for this one.
    it.skipIf(process.env.TFJS_BACKEND === 'wasm')('says a Conv3DTranspose', async () => {
      const transposed = () => layers.conv3dTranspose({ filters: 4, ...window })
      await expectSame(() => alone([3, 4, 3, 2], transposed()))
    })

    it.each([1, 2, 3, 4])('says a Conv2DTranspose with kernels of %i', async (kernelSize) => {
      const transposed = () => layers.conv2dTranspose({ filters: 4, kernelSize, strides, padding })
      await expectSame(() => alone([4, 5, 2], transposed()))
    })

    it.each([
      ['MaxPooling1D', 1, layers.maxPooling1d],
      ['AveragePooling1D', 1, layers.averagePooling1d],
      ['MaxPooling2D', 2, layers.maxPooling2d],
      ['AveragePooling2D', 2, layers.averagePooling2d],
      ['MaxPooling3D', 3, layers.maxPooling3d],
      ['AveragePooling3D', 3, layers.averagePooling3d],
    ] as [string, number, (options: object) => Layer][])('says a %s', async (_, axes, pool) => {
      const shape = [...new Array<number>(axes).fill(7), 3]
      await expectSame(() => alone(shape, pool({ poolSize: 3, strides, padding })))
    })
  })
})

describe('toOnnx', () => {
  it('says dilated convolutions', async () => {
    const dilated = () => layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2 })
    await expectSame(() => alone([7, 8, 2], dilated()))
  })

  it('says dilated convolutions that keep the size of images of any size', async () => {
    const padding = 'same'
    const dilated = () => layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding })
    await expectSame(() => alone([null, null, 2], dilated()))
  })

  it('says no dilation where tfjs reads the option and does not dilate', async () => {
    const depthwise = () => layers.depthwiseConv2d({ kernelSize: 3, dilationRate: 2 })
    await expectSame(() => alone([7, 8, 2], depthwise()))
    const transposed = () => layers.conv2dTranspose({ filters: 2, kernelSize: 3, dilationRate: 2 })
    await expectSame(() => alone([7, 8, 2], transposed()))
  })

  it.each([
    ['GlobalMaxPooling1D', [5, 3], () => layers.globalMaxPooling1d({})],
    ['GlobalAveragePooling1D', [5, 3], () => layers.globalAveragePooling1d({})],
    ['GlobalMaxPooling2D', [5, 4, 3], () => layers.globalMaxPooling2d({})],
    ['GlobalAveragePooling2D', [5, 4, 3], () => layers.globalAveragePooling2d({})],
    ['BatchNormalization', [5, 4, 3], () => layers.batchNormalization()],
    ['BatchNormalization', [3], () => layers.batchNormalization({ center: false, scale: false })],
    [
      'ZeroPadding2D',
      [5, 4, 3],
      () =>
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 1],
          ],
        }),
    ],
    [
      'Cropping2D',
      [5, 4, 3],
      () =>
        layers.cropping2D({
          cropping: [
            [1, 0],
            [0, 1],
          ],
        }),
    ],
    ['UpSampling2D', [5, 4, 3], () => layers.upSampling2d({ size: [2, 3] })],
    [
      'UpSampling2D',
      [5, 4, 3],
      () => layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
    ],
    ['Reshape', [4, 3, 2], () => layers.reshape({ targetShape: [8, -1] })],
    ['Permute', [4, 3, 2], () => layers.permute({ dims: [3, 1, 2] })],
    ['Flatten', [4, 3, 2], () => layers.flatten()],
    ['PReLU', [4, 3, 2], () => layers.prelu({ sharedAxes: [1, 2] })],
  ] as [string, number[], () => Layer][])('says a %s', async (_, shape, layer) => {
    await expectSame(() => alone(shape, layer()))
    const behind = () => layers.conv2d({ filters: 2, kernelSize: 1 })
    if (shape.length === 3) await expectSame(() => alone(shape, behind(), layer()))
  })

  it('says images whose sides are open', async () => {
    const conv = layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })
    const made = alone([null, null, 2], conv, layers.globalAveragePooling2d({}))
    for (const open of [5, 8]) expect(await onnxDifference(made, { open })).toBeLessThan(1e-5)
  })

  it('says merges, of values that lie in different orders too', async () => {
    const make = () => {
      const [a, b] = [input({ shape: [4, 4, 2] }), input({ shape: [4, 4, 2] })]
      const small = input({ shape: [1, 2] })
      const c = layers.conv2d({ filters: 2, kernelSize: 1 }).apply(a) as SymbolicTensor
      const outputs = [
        layers.add().apply([c, b]),
        layers.add().apply([c, b, small]),
        layers.multiply().apply([c, b, a]),
        layers.average().apply([a, b]),
        layers.maximum().apply([a, c, b]),
        layers.minimum().apply([a, b]),
        layers.concatenate().apply([a, c, b]),
        layers.concatenate({ axis: 1 }).apply([c, b]),
      ] as SymbolicTensor[]
      return withSeededWeights(model({ inputs: [a, b, small], outputs }))
    }
    await expectSame(make)
  })
})
