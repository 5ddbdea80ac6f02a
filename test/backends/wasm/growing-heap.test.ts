import '@tensorflow/tfjs-backend-cpu'
import {
  backend,
  batchNorm,
  fused,
  setBackend,
  type Tensor,
  tensor1d,
  tensor2d,
  tensor4d,
  unsortedSegmentSum,
} from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { WasmBackend } from '../../../src/backends/wasm/engine/backend.js'

const MB = 2 ** 20

/** Lets the heap grow before one of the allocations to come; tells whether it came to that. */
function growBefore(allocation: number): () => boolean {
  const { wasm } = backend() as WasmBackend
  wasm._free(wasm._malloc(1)) // the first call puts another function in its place
  const { _malloc } = wasm
  let calls = 0
  const grow = () => {
    const { buffer } = wasm.HEAPU8
    while (wasm.HEAPU8.buffer === buffer) _malloc(MB)
  }
  const growing = (bytes: number) => {
    if (calls++ === allocation) grow()
    return _malloc(bytes)
  }
  Object.assign(wasm, { _malloc: growing })
  return () => {
    Object.assign(wasm, { _malloc })
    return calls > allocation
  }
}

/** The outcomes on tensors that were made on cpu: each time the heap grows before another allocation. */
async function outcomes(make: () => Tensor[], compute: (given: Tensor[]) => Tensor) {
  const all: number[][] = []
  for (let [allocation, hasGrown] = [0, true]; hasGrown; allocation++) {
    await setBackend('cpu')
    const given = make()
    await setBackend('wasm')
    const end = growBefore(allocation)
    try {
      all.push([...compute(given).dataSync()])
    } finally {
      hasGrown = end()
    }
  }
  expect(all.length).toBeGreaterThan(3)
  return all
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('a heap that grows within a kernel', () => {
  beforeAll(() => void registerWasmGradients())

  it('a batch norm of parameters that come from cpu has its values', async () => {
    const make = () => [
      tensor4d([1, 5], [1, 1, 1, 2]),
      ...[0, 4, 1, 3].map((n) => tensor1d([n, n])),
    ]
    const all = await outcomes(make, ([x, mean, variance, offset, scale]) =>
      batchNorm(
        ...([x, mean, variance, offset, scale, 0] as unknown as Parameters<typeof batchNorm>),
      ),
    )
    expect(all).toEqual(all.map(() => [2.5, 8.5]))
  })

  it('a fused product of operands and a bias that come from cpu has its values', async () => {
    const make = () => [tensor2d([[2]]), tensor2d([[3, 4]]), tensor1d([10, 20])]
    const all = await outcomes(make, ([a, b, bias]) => fused.matMul({ a, b, bias } as never))
    expect(all).toEqual(all.map(() => [16, 28]))
  })

  it('UnsortedSegmentSum of values and ids that come from cpu has its values', async () => {
    const make = () => [tensor2d([[1], [2], [4]]), tensor1d([1, 0, 1], 'int32')]
    const all = await outcomes(make, ([x, ids]) => unsortedSegmentSum(x!, ids as never, 2))
    expect(all).toEqual(all.map(() => [2, 5]))
  })
})
