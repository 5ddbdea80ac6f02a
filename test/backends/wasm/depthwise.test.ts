import { backend_util, type Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { distance, noise, on, runKernel, wasmFromCpu } from './support.js'

type Shape = [number, number, number, number]
type Pad = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]]

interface Depthwise {
  readonly input: Shape
  readonly filter: Shape
  readonly strides: [number, number]
  readonly dilations: [number, number]
  readonly pad: Pad
}

const length = (min: number, max: number) => fc.integer({ min, max })
const border = fc.tuple(length(0, 3), length(0, 3))
const pads = fc.oneof(
  fc.constant<Pad>('same'),
  fc.constant<Pad>('valid'),
  length(0, 2),
  fc.tuple(fc.constant<[0, 0]>([0, 0]), border, border, fc.constant<[0, 0]>([0, 0])),
)

const depthwise = (most: 1 | 3): fc.Arbitrary<Depthwise> =>
  fc
    .record({
      sizes: fc.tuple(length(1, 3), length(6, 11), length(6, 11)),
      channels: fc.tuple(fc.oneof(length(1, 9), length(15, 38)), length(1, 3)),
      window:
        most > 1 ? fc.tuple(length(1, 3), length(1, 3)) : fc.tuple(length(1, 5), length(1, 5)),
      strides: fc.tuple(length(1, 3), length(1, 3)),
      dilations: fc.tuple(length(1, most), length(1, most)),
      pad: pads,
    })
    .map(({ sizes, channels, window, ...rest }) => ({
      ...rest,
      input: [...sizes, channels[0]] satisfies Shape,
      filter: [...window, ...channels] satisfies Shape,
    }))

const infoOf = ({ input, filter, strides, dilations, pad }: Depthwise) =>
  backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, undefined, true)

const attributesOf = ({ input, filter, ...rest }: Depthwise) => ({
  ...rest,
  inputShape: input,
  filterShape: filter,
})

/** The convolution and its gradients. */
const allOf = (convolution: Depthwise) => (): Tensor[] => {
  const [x, filter, dy] = [
    noise(convolution.input),
    noise(convolution.filter, 2),
    noise(infoOf(convolution).outShape, 3),
  ]
  const attributes = attributesOf(convolution)
  return [
    runKernel('DepthwiseConv2dNative', { x, filter }, attributes),
    runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attributes),
    runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attributes),
  ]
}

/**
 * The convolution and both gradients from the definition, one product at a time; the gradients of
 * the cpu backend leave dilations out.
 */
function definition(convolution: Depthwise): Record<'y' | 'dx' | 'dw', number[]> {
  const info = infoOf(convolution)
  const [b, , , multiplier] = [convolution.input[0], 0, 0, convolution.filter[3]]
  const [x, filter, dy] = [
    noise(convolution.input),
    noise(convolution.filter, 2),
    noise(info.outShape, 3),
  ].map((each) => each.dataSync())
  const [out, dx, dw] = [dy, x, filter].map((each) => Array.from(each!, () => 0))
  for (let image = 0; image < b; image++)
    for (let y = 0; y < info.outHeight; y++)
      for (let column = 0; column < info.outWidth; column++)
        for (let i = 0; i < info.filterHeight; i++)
          for (let j = 0; j < info.filterWidth; j++) {
            const row = y * info.strideHeight + i * info.dilationHeight - info.padInfo.top
            const place = column * info.strideWidth + j * info.dilationWidth - info.padInfo.left
            if (row < 0 || row >= info.inHeight || place < 0 || place >= info.inWidth) continue
            for (let channel = 0; channel < info.outChannels; channel++) {
              const input = Math.floor(channel / multiplier)
              const at =
                ((image * info.inHeight + row) * info.inWidth + place) * info.inChannels + input
              const tap = (i * info.filterWidth + j) * info.outChannels + channel
              const to =
                ((image * info.outHeight + y) * info.outWidth + column) * info.outChannels + channel
              out![to]! += x![at]! * filter![tap]!
              dx![at]! += dy![to]! * filter![tap]!
              dw![tap]! += dy![to]! * x![at]!
            }
          }
  return { y: out!, dx: dx!, dw: dw! }
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('depthwise convolutions on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('DepthwiseConv2dNative, -BackpropInput and -BackpropFilter give the values of the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(depthwise(1), async (convolution) => {
        expect(await wasmFromCpu(allOf(convolution))).toBeLessThan(1e-4)
      }),
      { numRuns: 150, seed: 1 },
    ))

  it('they follow the definition with strides and dilations', () =>
    fc.assert(
      fc.asyncProperty(depthwise(3), async (convolution) => {
        if (infoOf(convolution).outShape.some((size) => size <= 0)) return
        const { y, dx, dw } = definition(convolution)
        const shapes = [infoOf(convolution).outShape, convolution.input, convolution.filter]
        const wanted = { shapes, values: [...y, ...dx, ...dw] }
        expect(distance(wanted, await on('wasm', allOf(convolution)))).toBeLessThan(1e-4)
      }),
      { numRuns: 60, seed: 1 },
    ))
})
