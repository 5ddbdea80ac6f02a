import {
  add,
  cast,
  clone,
  fused,
  matMul,
  sum,
  type Tensor2D,
  tensor1d,
  tensor2d,
  variable,
} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, wasmFromCpu } from './support.js'

const length = (min: number, max: number) => fc.integer({ min, max })

const products = fc
  .record({
    rows: length(1, 40),
    columns: length(1, 40),
    inner: fc.constantFrom(1, 2, 7, 64, 300, 513),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    batches: fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[3], [3]],
      [[3], [1]],
      [[1], [3]],
      [
        [2, 3],
        [2, 3],
      ],
    ),
  })
  .map(({ rows, columns, inner, transposeA, transposeB, batches }) => ({
    a: [...batches[0], ...(transposeA ? [inner, rows] : [rows, inner])],
    b: [...batches[1], ...(transposeB ? [columns, inner] : [inner, columns])],
    columns,
    transposeA,
    transposeB,
  }))

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('matrices on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('BatchMatMul gives the values of the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(products, async ({ a, b, transposeA, transposeB }) => {
        const compute = () => matMul(noise(a), noise(b, 2), transposeA, transposeB)
        expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
      }),
      { numRuns: 120, seed: 1 },
    ))

  it('_FusedMatMul gives the values of the cpu backend, with a bias and an activation', () =>
    fc.assert(
      fc.asyncProperty(
        products.filter(({ a }) => a.length === 2),
        fc.constantFrom('linear' as const, 'relu' as const),
        async ({ a, b, columns, transposeA, transposeB }, wanted) => {
          // With an activation, the product is the backend's own, which adds the bias twice to
          // transposed operands.
          const activation = transposeA || transposeB ? 'linear' : wanted
          const operands = () => ({
            a: noise(a) as Tensor2D,
            b: noise(b, 2) as Tensor2D,
            bias: noise([columns], 3),
          })
          const compute = () => fused.matMul({ ...operands(), transposeA, transposeB, activation })
          expect(await wasmFromCpu(compute)).toBeLessThan(1e-4)
        },
      ),
      { numRuns: 80, seed: 1 },
    ))

  it('BatchMatMul over no inner elements gives zeros', () => {
    expect([...matMul(tensor2d([], [2, 0]), tensor2d([], [0, 3])).dataSync()]).toEqual([
      0, 0, 0, 0, 0, 0,
    ])
  })

  it('Sum gives the values of the cpu backend over any axes', async () => {
    const shape = [5, 7, 3, 13]
    for (const axes of [[0], [0, 1], [0, 1, 2], [1], [3], [0, 2], [0, 1, 2, 3]]) {
      for (const keepDims of [false, true]) {
        expect(await wasmFromCpu(() => sum(noise(shape), axes, keepDims))).toBeLessThan(1e-4)
      }
    }
    expect(await wasmFromCpu(() => sum(noise([70_001, 3]), 0))).toBeLessThan(1e-4)
    expect(await wasmFromCpu(() => sum(tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0))).toBe(0)
  })

  it('Sum of many floats stays close to the true sum', () => {
    const [total] = sum(tensor2d(new Float32Array(1 << 18).fill(0.1), [1 << 18, 1]), 0).dataSync()
    expect(Math.abs(total! - 26214.4)).toBeLessThan(0.5) // added up in order it is off by hundreds
  })

  it('Add gives the values of the cpu backend, biases and others', async () => {
    const shape = [2, 3, 4, 7]
    for (const other of [
      [7],
      [1, 7],
      [1, 1, 1, 7],
      [1],
      [],
      [4, 7],
      [2, 3, 4, 1],
      [2, 1, 1, 7],
      shape,
    ]) {
      expect(
        await wasmFromCpu(() => [
          add(noise(shape), noise(other, 2)),
          add(noise(other, 2), noise(shape)),
        ]),
      ).toBe(0)
    }
    expect(await wasmFromCpu(() => add(tensor1d([1, 2], 'int32'), tensor1d([3, 4], 'int32')))).toBe(
      0,
    )
  })

  it('Identity and Cast to the same type leave a tensor usable when the other is disposed', () => {
    for (const second of [clone, (x: ReturnType<typeof noise>) => cast(x, 'float32')]) {
      const first = noise([5])
      const values = [...first.dataSync()]
      const other = second(first)
      first.dispose()
      expect([...other.dataSync()]).toEqual(values)
      other.dispose()
    }
  })

  it('Identity of a variable keeps its value when the variable gets another', () => {
    const weights = variable(tensor1d([1, 2]))
    const before = clone(weights)
    weights.assign(tensor1d([3, 4]))
    expect([[...before.dataSync()], [...weights.dataSync()]]).toEqual([
      [1, 2],
      [3, 4],
    ])
    weights.dispose()
  })

  it('Cast to another type gives the values of the cpu backend', async () => {
    expect(await wasmFromCpu(() => cast(tensor1d([-1.5, 0, 2.5]), 'int32'))).toBe(0)
    expect(await wasmFromCpu(() => cast(tensor1d([0, 1, 7], 'int32'), 'float32'))).toBe(0)
  })
})
