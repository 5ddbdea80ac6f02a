import { backend, getKernel, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernel, WasmBackend, WasmModule } from '../../../src/backends/wasm/engine/backend.js'
import type { Engine } from '../../../src/backends/wasm/engine/engine.js'
import { plainEngine } from '../../../src/backends/wasm/engine/plain-engine.js'
import { simdEngine } from '../../../src/backends/wasm/engine/simd-engine.js'
import { distance, noise, on, runKernel } from './support.js'

const size = 1 << 14
/** Place of some bytes of 0 and 1, in floats. */
const MASK = 10_000

/**
 * A heap of its own, filled with whole numbers so that every order of adding them up gives the same
 * sum.
 */
function heap(shared: boolean): { module: WasmModule; floats: Float32Array } {
  const memory = new WebAssembly.Memory({ initial: 4, ...(shared && { maximum: 65536, shared }) })
  const floats = new Float32Array(memory.buffer)
  floats.set(Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 17) - 8))
  new Uint8Array(memory.buffer).set(
    Array.from({ length: 100 }, (_, i) => Number((i * 7919) % 5 > 2)),
    4 * MASK,
  )
  const module = { HEAPU8: new Uint8Array(memory.buffer), _malloc: () => 0, _free: () => {} }
  return {
    module: shared ? { ...module, wasmMemory: memory } : { ...module, asm: { memory } },
    floats,
  }
}

/**
 * First place of the heap that one piece of work leaves different on the two engines; -1 where
 * there is none.
 */
function firstDifference(work: (engine: Engine) => void, shared = false): number {
  const [fast, plain] = [heap(shared), heap(shared)]
  work(simdEngine(fast.module)!)
  work(plainEngine(() => plain.floats))
  return fast.floats.findIndex((value, index) => value !== plain.floats[index])
}

const length = (max: number, min = 1) => fc.integer({ min, max })

describe('simdEngine', () => {
  it('simdEngine multiplies as plain loops do, whatever the strides', () =>
    fc.assert(
      fc.property(
        fc.record({
          rows: length(9),
          columns: length(37),
          lengths: fc.tuple(length(3), length(3), length(4)),
          steps: fc.tuple(length(40, 0), length(40, 0), length(40, 0), length(40, 0)),
          slack: length(5, 0),
          accumulate: fc.boolean(),
        }),
        ({ rows, columns, lengths: [outer, middle, inner], steps, slack, accumulate }) => {
          const [rowStep, outerStep, middleStep, innerStep] = steps
          const strides = {
            rowStep,
            outerStep,
            middleStep,
            innerStep,
            bStep: columns + slack,
            cStep: columns + slack,
          }
          const work = { rows, columns, outer, middle, inner, ...strides, accumulate }
          expect(firstDifference(({ gemm }) => gemm(work, { a: 3, b: 2_001, c: 6_002 }))).toBe(-1)
        },
      ),
      { numRuns: 300, seed: 1 },
    ))

  it('simdEngine pools, correlates, transposes, copies and adds as plain loops do', () =>
    fc.assert(
      fc.property(length(11), length(11), length(4), (rows, columns, windows) => {
        const shape = { rows, columns }
        const place = firstDifference((engine) => {
          engine.transpose(shape, { from: 5, to: 1_000 })
          engine.addBias(shape, { x: 5, bias: 77, out: 2_000 })
          engine.copyRows(
            { rows, length: columns, fromStep: 12, toStep: 13 },
            { from: 5, to: 3_000 },
          )
          const channels = columns * 3 // so that all numbers of channels at once are run
          const taps = { outer: windows, inner: 2, filterOuter: 70, filterInner: 35 }
          engine.sumTaps(
            {
              ...{ channels, rows, columns: windows, ...taps },
              ...{ xRow: 30, xColumn: 33, xOuter: 31, xInner: 32 },
              ...{ outRow: 4 * 34, outColumn: 34 },
            },
            { x: 6, filter: 700, out: 8_000 },
          )
          const correlation = {
            channels,
            outer: rows,
            inner: windows,
            xOuter: 60,
            xInner: 11,
            yOuter: 50,
            yInner: 12,
          }
          engine.correlate(correlation, { x: 5, y: 900, out: 4_000 })
          const pool = {
            windows,
            channels: columns,
            height: 2,
            width: 3,
            rowStep: 40,
            windowStep: 2 * columns,
          }
          engine.maxPool(pool, { x: 5, y: 200, dy: 300, dx: 5_000 })
        })
        expect(place).toBe(-1)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it('simdEngine keeps what plain loops keep, whatever the values', () =>
    fc.assert(
      fc.property(length(70), fc.boolean(), (count, shared) => {
        const place = firstDifference((engine) => {
          engine.keepOnly(count, { values: 1, mask: 4 * MASK, out: 2_000 })
          engine.keepOnly(count, { values: 5, mask: 4 * MASK + 3, out: 3_000 })
        }, shared)
        expect(place).toBe(-1)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it('simdEngine works on shared memory and says that there are threads', () => {
    const { module } = heap(true)
    expect(simdEngine(module)).toMatchObject({ simd: true, threads: true })
    const transpose = (engine: Engine) =>
      engine.transpose({ rows: 9, columns: 6 }, { from: 1, to: 1_000 })
    expect(firstDifference(transpose, true)).toBe(-1)
  })

  it('simdEngine is not to be had where the memory is out of reach', () => {
    const { HEAPU8, _malloc, _free } = heap(false).module
    expect(simdEngine({ HEAPU8, _malloc, _free })).toBeUndefined()
  })
})

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('kernels without SIMD', () => {
  beforeAll(() => void registerWasmGradients())

  /** The backend with its memory hidden, as where SIMD is missing. */
  function withoutSimd(): WasmBackend {
    const real = backend() as WasmBackend
    const wasm = Object.create(real.wasm, {
      asm: { value: undefined },
      wasmMemory: { value: undefined },
    })
    return Object.create(real, { wasm: { value: wasm } })
  }

  const kernels: readonly [string, Record<string, () => Tensor>, object][] = [
    [
      'Conv2DBackpropFilter',
      { x: () => noise([2, 7, 6, 3]), dy: () => noise([2, 4, 3, 5]) },
      { filterShape: [3, 2, 3, 5] },
    ],
    [
      'DepthwiseConv2dNativeBackpropFilter',
      { x: () => noise([2, 7, 6, 3]), dy: () => noise([2, 4, 3, 6]) },
      { filterShape: [3, 2, 3, 2] },
    ],
    [
      'DepthwiseConv2dNativeBackpropInput',
      { dy: () => noise([2, 4, 3, 6]), filter: () => noise([3, 2, 3, 2]) },
      { inputShape: [2, 7, 6, 3] },
    ],
    [
      'Conv2DBackpropInput',
      { dy: () => noise([2, 4, 3, 5]), filter: () => noise([3, 2, 3, 5]) },
      { inputShape: [2, 7, 6, 3] },
    ],
    [
      'MaxPoolGrad',
      {
        dy: () => noise([1, 2, 2, 5]),
        input: () => noise([1, 4, 4, 5]),
        output: () =>
          runKernel(
            'MaxPool',
            { x: noise([1, 4, 4, 5]) },
            { filterSize: 2, strides: 2, pad: 'valid' },
          ),
      },
      { filterSize: 2, pad: 'valid' },
    ],
    ['Sum', { x: () => noise([6, 4]) }, { axis: [0], keepDims: false }],
    ['Add', { a: () => noise([6, 4]), b: () => noise([4]) }, {}],
    [
      'BatchMatMul',
      { a: () => noise([1, 6, 4]), b: () => noise([1, 4, 3]) },
      { transposeA: false, transposeB: false },
    ],
    [
      'Conv2D',
      { x: () => noise([2, 7, 6, 3]), filter: () => noise([3, 2, 3, 5]) },
      { dilations: [1, 1] },
    ],
  ]

  it.each(kernels)('%s gives the same values', async (name, make, extra) => {
    const attrs = { strides: 2, pad: 'same', dataFormat: 'NHWC', ...extra }
    const inputs = Object.fromEntries(Object.entries(make).map(([key, tensor]) => [key, tensor()]))
    const wanted = await on('wasm', () => runKernel(name, inputs, attrs))
    const kernel = getKernel(name, 'wasm').kernelFunc as unknown as Kernel
    const result: TensorInfo = kernel({
      inputs,
      attrs,
      backend: withoutSimd(),
    } as unknown as Parameters<Kernel>[0])
    const values = [...((backend() as WasmBackend).readSync(result.dataId) as Float32Array)]
    const outcome = { shapes: [result.shape], values }
    expect(distance(wanted, outcome)).toBeLessThan(1e-4)
    backend().disposeData(result.dataId)
  })
})
