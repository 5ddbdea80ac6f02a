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

const depthwise = (dilation: number): fc.Arbitrary<Depthwise> =>
  fc
    .record({
      sizes: fc.tuple(length(1, 3), length(6, 11), length(6, 11)),
      channels: fc.tuple(length(1, 9), length(1, 3)),
      window:
        dilation > 1 ? fc.tuple(length(1, 3), length(1, 3)) : fc.tuple(length(1, 5), length(1, 5)),
      strides:
        dilation > 1 ? fc.constant<[number, number]>([1, 1]) : fc.tuple(length(1, 3), length(1, 3)),
      pad: pads,
    })
    .map(({ sizes, channels, window, ...rest }) => ({
      ...rest,
      input: [...sizes, channels[0]] satisfies Shape,
      filter: [...window, ...channels] satisfies Shape,
      dilations: [dilation, dilation] satisfies [number, number],
    }))

const infoOf = ({ input, filter, strides, dilations, pad }: Depthwise) =>
  backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, undefined, true)

const attributesOf = ({ input, filter, ...rest }: Depthwise) => ({
  ...rest,
  inputShape: input,
  filterShape: filter,
})

const gradientsOf = (convolution: Depthwise) => (): Tensor[] => {
  const [x, filter, dy] = [
    noise(convolution.input),
    noise(convolution.filter, 2),
    noise(infoOf(convolution).outShape, 3),
  ]
  const attributes = attributesOf(convolution)
  return [
    runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attributes),
    runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attributes),
  ]
}

/**
 * Both gradients from the definition, one product at a time; the cpu backend's own leave dilations
 * out.
 */
function definition(convolution: Depthwise): { dx: number[]; dw: number[] } {
  const info = infoOf(convolution)
  const [b, , , multiplier] = [convolution.input[0], 0, 0, convolution.filter[3]]
  const [x, filter, dy] = [
    noise(convolution.input),
    noise(convolution.filter, 2),
    noise(info.outShape, 3),
  ].map((each) => each.dataSync())
  const [dx, dw] = [x!.map(() => 0), filter!.map(() => 0)]
  for (let image = 0; image < b; image++)
    for (let y = 0; y < info.outHeight; y++)
      for (let column = 0; column < info.outWidth; column++)
        for (let i = 0; i < info.filterHeight; i++)
          for (let j = 0; j < info.filterWidth; j++) {
            const row = y * info.strideHeight + i * info.dilationHeight - info.padInfo.top
            const place = column * info.strideWidth + j * info.dilationWidth - info.padInfo.left
            if (row < 0 || row >= info.inHeight || place < 0 || place >= info.inWidth) continue
            for (let out = 0; out < info.outChannels; out++) {
              const channel = Math.floor(out / multiplier)
              const at =
                ((image * info.inHeight + row) * info.inWidth + place) * info.inChannels + channel
              const tap = (i * info.filterWidth + j) * info.outChannels + out
              const slope =
                dy![
                  ((image * info.outHeight + y) * info.outWidth + column) * info.outChannels + out
                ]!
              dx[at]! += slope * filter![tap]!
              dw[tap]! += slope * x![at]!
            }
          }
  return { dx: [...dx], dw: [...dw] }
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('depthwise convolutions on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('DepthwiseConv2dNativeBackpropInput and -BackpropFilter give the values of the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(depthwise(1), async (convolution) => {
        expect(await wasmFromCpu(gradientsOf(convolution))).toBeLessThan(1e-4)
      }),
      { numRuns: 150, seed: 1 },
    ))

  it('DepthwiseConv2dNativeBackpropInput and -BackpropFilter follow the definition with dilations', () =>
    fc.assert(
      fc.asyncProperty(depthwise(2), async (convolution) => {
        if (infoOf(convolution).outShape.some((size) => size <= 0)) return
        const { dx, dw } = definition(convolution)
        const wanted = { shapes: [convolution.input, convolution.filter], values: [...dx, ...dw] }
        expect(distance(wanted, await on('wasm', gradientsOf(convolution)))).toBeLessThan(1e-4)
      }),
      { numRuns: 60, seed: 1 },
    ))
})
