import { backend_util, conv2d, fill, fused, type Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, runKernel, wasmFromCpu } from './support.js'

type Shape = [number, number, number, number]
type Pad = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]]

interface Convolution {
  readonly input: Shape
  readonly filter: Shape
  readonly strides: [number, number]
  readonly pad: Pad
  readonly dimRoundingMode: 'floor' | 'round' | 'ceil'
}

const length = (min: number, max: number) => fc.integer({ min, max })
const border = fc.tuple(length(0, 3), length(0, 3))
const pads = fc.oneof(
  fc.constant<Pad>('same'),
  fc.constant<Pad>('valid'),
  length(0, 2),
  fc.tuple(fc.constant<[0, 0]>([0, 0]), border, border, fc.constant<[0, 0]>([0, 0])),
)

/** Kernel sizes 1 to 5, strides 1 to 3, all kinds of padding, odd sizes. */
const convolutions: fc.Arbitrary<Convolution> = fc
  .record({
    sizes: fc.tuple(length(1, 4), length(5, 12), length(5, 12)),
    channels: fc.tuple(length(1, 16), length(1, 40)),
    window: fc.tuple(length(1, 5), length(1, 5)),
    strides: fc.tuple(length(1, 3), length(1, 3)),
    pad: pads,
    dimRoundingMode: fc.constantFrom('floor' as const, 'round' as const, 'ceil' as const),
  })
  .map(({ sizes, channels, window, ...rest }) => ({
    ...rest,
    input: [...sizes, channels[0]] satisfies Shape,
    filter: [...window, ...channels] satisfies Shape,
  }))

const outputOf = ({ input, filter, strides, pad, dimRoundingMode }: Convolution): Shape =>
  backend_util.computeConv2DInfo(input, filter, strides, 1, pad, roundingOf(pad, dimRoundingMode))
    .outShape

/** tfjs only takes a rounding mode with a number of pixels as padding. */
const roundingOf = (pad: Pad, mode: Convolution['dimRoundingMode']) =>
  typeof pad === 'number' ? mode : undefined

const attributesOf = ({ strides, pad, dimRoundingMode }: Convolution) => ({
  strides,
  pad,
  dataFormat: 'NHWC',
  dilations: 1,
  dimRoundingMode: roundingOf(pad, dimRoundingMode),
})

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('convolutions on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  const close = (compute: (convolution: Convolution) => Parameters<typeof wasmFromCpu>[0]) =>
    fc.assert(
      fc.asyncProperty(convolutions, async (convolution) => {
        expect(await wasmFromCpu(compute(convolution))).toBeLessThan(1e-4)
      }),
      { numRuns: 120, seed: 1 },
    )

  it('Conv2D gives the values of the cpu backend', () =>
    close((convolution) => () => {
      const { input, filter, strides, pad, dimRoundingMode } = convolution
      const rounding = roundingOf(pad, dimRoundingMode)
      return conv2d(
        noise(input) as Tensor4D,
        noise(filter, 2) as Tensor4D,
        strides,
        pad,
        'NHWC',
        1,
        rounding,
      )
    }))

  it('FusedConv2D with a bias gives the values of the cpu backend', () =>
    close((convolution) => () => {
      const { input, filter, strides, pad, dimRoundingMode } = convolution
      const [x, kernel, bias] = [
        noise(input) as Tensor4D,
        noise(filter, 2) as Tensor4D,
        noise([filter[3]], 3),
      ]
      const rounding = roundingOf(pad, dimRoundingMode)
      return fused.conv2d({
        x,
        filter: kernel,
        strides,
        pad,
        bias,
        activation: 'linear',
        ...(rounding && { dimRoundingMode: rounding }),
      })
    }))

  it('Conv2DBackpropInput gives the values of the cpu backend', () =>
    close((convolution) => () => {
      const inputs = { dy: noise(outputOf(convolution)), filter: noise(convolution.filter, 2) }
      return runKernel('Conv2DBackpropInput', inputs, {
        ...attributesOf(convolution),
        inputShape: convolution.input,
      })
    }))

  it('Conv2DBackpropFilter gives the values of the cpu backend', () =>
    close((convolution) => () => {
      const inputs = { x: noise(convolution.input), dy: noise(outputOf(convolution), 2) }
      return runKernel('Conv2DBackpropFilter', inputs, {
        ...attributesOf(convolution),
        filterShape: convolution.filter,
      })
    }))

  it.each([1, 2, 3])(
    'Conv2D with dilation %d gives the values of the cpu backend',
    async (dilation) => {
      for (const pad of ['same', 'valid'] as const) {
        const compute = () =>
          conv2d(
            noise([2, 13, 11, 5]) as Tensor4D,
            noise([3, 4, 5, 19], 2) as Tensor4D,
            1,
            pad,
            'NHWC',
            dilation,
          )
        expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
      }
    },
  )

  it('FusedConv2D with an activation gives the values of the cpu backend', async () => {
    for (const activation of ['relu', 'relu6', 'sigmoid', 'elu'] as const) {
      const [shape, filter] = [
        [2, 6, 5, 3],
        [3, 3, 3, 4],
      ]
      const compute = () =>
        fused.conv2d({
          x: noise(shape!) as Tensor4D,
          filter: noise(filter!, 2) as Tensor4D,
          strides: 1,
          pad: 'same',
          bias: noise([4], 3),
          activation,
        })
      expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
    }
  })

  // Stock kernels of 4.22 are wrong here without a word.
  const smallFilters = [
    { size: [1, 2], strides: [2, 1] },
    { size: [2, 2], strides: [3, 3] },
    { size: [2, 1], strides: [1, 3] },
    { size: [1, 3], strides: [2, 2] },
    { size: [1, 1], strides: [2, 2] },
  ] satisfies { size: [number, number]; strides: [number, number] }[]

  it.each(smallFilters)(
    'a filter of $size with strides $strides is right when fused',
    async (of) => {
      const activations = [
        'linear',
        'relu',
        'relu6',
        'sigmoid',
        'elu',
        'leakyrelu',
        'prelu',
      ] as const
      for (const activation of activations)
        for (const depthwise of [false, true]) {
          const compute = () => {
            const settings = {
              x: noise([2, 7, 8, 3]) as Tensor4D,
              filter: noise([...of.size, 3, depthwise ? 2 : 4], 2) as Tensor4D,
              bias: noise([depthwise ? 6 : 4], 3),
              ...{ strides: of.strides, pad: 'same' as const, activation, leakyreluAlpha: 0.3 },
              ...(activation === 'prelu' && {
                preluActivationWeights: noise([depthwise ? 6 : 4], 4),
              }),
            }
            return depthwise ? fused.depthwiseConv2d(settings) : fused.conv2d(settings)
          }
          expect(await wasmFromCpu(compute), `${activation} ${depthwise}`).toBeLessThan(1e-4)
        }
    },
  )

  it('a batch of 8 and many channels give the values of the cpu backend', async () => {
    const convolution: Convolution = {
      input: [8, 6, 6, 16],
      filter: [3, 3, 16, 72],
      strides: [1, 1],
      pad: 'same',
      dimRoundingMode: 'floor',
    }
    const attributes = {
      ...attributesOf(convolution),
      filterShape: convolution.filter,
      inputShape: convolution.input,
    }
    const compute = () => {
      const [x, dy, filter] = [
        noise(convolution.input),
        noise([8, 6, 6, 72], 2),
        noise(convolution.filter, 3),
      ]
      return [
        runKernel('Conv2D', { x, filter }, attributes),
        runKernel('Conv2DBackpropFilter', { x, dy }, attributes),
        runKernel('Conv2DBackpropInput', { dy, filter }, attributes),
      ]
    }
    expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
  })

  it('empty batches give empty or zero tensors', () => {
    const [x, dy, filter] = [noise([0, 6, 6, 2]), noise([0, 6, 6, 3]), noise([3, 3, 2, 3])]
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 }
    expect(runKernel('Conv2D', { x, filter }, attributes).shape).toEqual([0, 6, 6, 3])
    const dx = runKernel(
      'Conv2DBackpropInput',
      { dy, filter },
      { ...attributes, inputShape: [0, 6, 6, 2] },
    )
    expect(dx.shape).toEqual([0, 6, 6, 2])
    const dw = runKernel(
      'Conv2DBackpropFilter',
      { x, dy },
      { ...attributes, filterShape: [3, 3, 2, 3] },
    )
    expect([...dw.dataSync()]).toEqual(Array(54).fill(0))
  })

  it.each(['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'])(
    '%s refuses images smaller than the filter, and writes nothing',
    (kernel) => {
      const attributes = {
        ...{ strides: 1, pad: 'valid', dilations: 1 },
        ...{ dataFormat: 'NHWC', activation: 'linear' },
      }
      for (const [height, width] of [
        [3, 9],
        [3, 3],
      ] as const) {
        const inputs = { x: noise([1, height, width, 1]), filter: noise([5, 5, 1, 1]) }
        const run = () => runKernel(kernel, inputs, attributes)
        expect(run).toThrow(RangeError)
        expect(run).toThrow(
          `Cannot run ${kernel} on wasm: expected images that hold its filter of 5 x 5, got ${height} x ${width}`,
        )
      }
      const spread = { x: noise([1, 5, 5, 1]), filter: noise([3, 3, 1, 1]) }
      expect(() => runKernel(kernel, spread, { ...attributes, dilations: 3 })).toThrow(
        'expected images that hold its dilated filter of 7 x 7, got 5 x 5',
      )
      const { shape } = runKernel(
        kernel,
        { x: noise([1, 4, 9, 1]), filter: noise([5, 5, 1, 1]) },
        attributes,
      )
      expect(shape).toEqual([1, 0, 5, 1]) // as tfjs has it
    },
  )

  it.each(
    ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'].flatMap((kernel) =>
      ['linear', 'relu', 'prelu'].map((activation) => [kernel, activation] as const),
    ),
  )('%s with %s writes nothing where its output has no rows', (kernel, activation) => {
    const fused = kernel.startsWith('Fused')
    const inputs = {
      ...{ x: noise([1, 4, 9, 8]), filter: noise([5, 5, 8, kernel.includes('Depth') ? 1 : 8]) },
      ...(fused && { bias: noise([8]) }),
      ...(fused && activation === 'prelu' && { preluActivationWeights: noise([8]) }),
    }
    const attributes = { strides: 1, pad: 'valid', dilations: 1, dataFormat: 'NHWC', activation }
    const made = Array.from({ length: 50 }, (_, i) => {
      const out = runKernel(kernel, inputs, attributes)
      return { out, beside: fill([40], i) }
    })
    for (const [i, { out, beside }] of made.entries()) {
      expect(out.shape).toEqual([1, 0, 5, 8])
      expect(out.dataSync()).toHaveLength(0)
      expect(new Set(beside.dataSync())).toEqual(new Set([i]))
    }
  })

  it('Conv2DBackpropFilter refuses channels before pixels', () => {
    const inputs = { x: noise([1, 2, 5, 5]), dy: noise([1, 3, 5, 5]) }
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [3, 3, 2, 3] }
    const run = () => runKernel('Conv2DBackpropFilter', inputs, attributes)
    expect(run).toThrow(RangeError)
    expect(run).toThrow(
      'Cannot run Conv2DBackpropFilter on wasm: expected data format NHWC, got NCHW',
    )
  })
})
