import { backend_util } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, runKernel, wasmFromCpu } from './support.js'

type Shape5 = [number, number, number, number, number]
type Triple = [number, number, number]

const length = (min: number, max: number) => fc.integer({ min, max })
const triple = (min: number, max: number) =>
  fc.tuple(length(min, max), length(min, max), length(min, max))

const convolutions = fc
  .record({
    batch: length(1, 2),
    sizes: triple(4, 6),
    window: triple(1, 3),
    channels: fc.tuple(length(1, 5), length(1, 5)),
    strides: triple(1, 3),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  })
  .map(({ batch, sizes, window, channels, strides, pad }) => ({
    input: [batch, ...sizes, channels[0]] satisfies Shape5,
    filter: [...window, ...channels] satisfies Shape5,
    strides: strides satisfies Triple,
    pad,
  }))

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('3-D convolutions on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('Conv3DBackpropInputV2 and Conv3DBackpropFilterV2 give the values of the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(convolutions, async ({ input, filter, strides, pad }) => {
        const { outShape } = backend_util.computeConv3DInfo(input, filter, strides, 1, pad)
        const attributes = { strides, pad, inputShape: input, filterShape: filter }
        const compute = () => {
          const [x, dy, weights] = [noise(input), noise(outShape, 2), noise(filter, 3)]
          return [
            runKernel('Conv3DBackpropInputV2', { dy, filter: weights }, attributes),
            runKernel('Conv3DBackpropFilterV2', { x, dy }, attributes),
          ]
        }
        expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
      }),
      { numRuns: 60, seed: 1 },
    ))
})
