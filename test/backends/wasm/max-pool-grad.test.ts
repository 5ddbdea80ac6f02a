import '@tensorflow/tfjs-layers' // registers the gradients
import {
  backend_util,
  grad,
  maxPool,
  square,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, on, runKernel, wasmFromCpu } from './support.js'

const length = (min: number, max: number) => fc.integer({ min, max })

const pools = fc
  .record({
    shape: fc.tuple(length(1, 4), length(5, 12), length(5, 12), length(1, 17)),
    filterSize: fc.tuple(length(2, 4), length(2, 4)),
    strides: fc.tuple(length(1, 3), length(1, 3)),
    pad: fc.constantFrom<'same' | 'valid' | 1>('same', 'valid', 1),
    dimRoundingMode: fc.constantFrom('floor' as const, 'ceil' as const),
  })
  .map(({ dimRoundingMode, ...rest }) => (rest.pad === 1 ? { ...rest, dimRoundingMode } : rest))

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('MaxPoolGrad on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('MaxPoolGrad gives the values of the cpu backend, ties included', () =>
    fc.assert(
      fc.asyncProperty(pools, fc.boolean(), async ({ shape, ...attributes }, ties) => {
        const { filterSize, strides, pad } = attributes
        const mode = 'dimRoundingMode' in attributes ? attributes.dimRoundingMode : undefined
        const { outShape } = backend_util.computePool2DInfo(
          shape,
          filterSize,
          strides,
          1,
          pad,
          mode,
        )
        const values = noise(shape)
          .dataSync()
          .map((value) => (ties ? Math.round(value * 2) : value))
        const input = () => tensor4d(values, shape)
        const pooled = await on('cpu', () => maxPool(input(), filterSize, strides, pad, mode))
        const compute = () => {
          const inputs = {
            dy: noise(outShape, 2),
            input: input(),
            output: tensor4d([...pooled.values], outShape),
          }
          return runKernel('MaxPoolGrad', inputs, attributes)
        }
        expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
      }),
      { numRuns: 150, seed: 1 },
    ))

  it('MaxPoolGrad gives each gradient to the first of equal maxima', () => {
    const x = tensor4d([0, 3, 3, 1, 5, 5, 5, 5], [1, 2, 4, 1])
    const slope = (input: Tensor) => sum(square(maxPool(input as Tensor4D, 2, 2, 'valid')))
    expect([...grad(slope)(x).dataSync()]).toEqual([0, 0, 0, 0, 10, 0, 10, 0])
  })
})
