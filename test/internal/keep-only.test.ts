import {
  clone,
  getBackend,
  getKernel,
  grad,
  memory,
  pow,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor2d,
} from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'
import { KEEP_ONLY, keepOnly } from '../../src/internal/keep-only.js'
import { bitsOf } from '../support/weights.js'

// 33 values, so that groups of sixteen leave a rest.
const some = [
  1,
  -2,
  Number.NaN,
  -0,
  Number.POSITIVE_INFINITY,
  5,
  -6,
  7,
  Number.NEGATIVE_INFINITY,
  -9,
  10,
]
const values = [...some, ...some.map((value) => value * 2), ...some.map((value) => value * 3)]
const ones = [
  1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0,
]
const kept = values.map((value, i) => (ones[i] ? value : 0))

describe('keepOnly', () => {
  it('keepOnly gives the kept values and +0 elsewhere, whatever was there, before and after the kernel is there', () => {
    for (const register of [false, true]) {
      if (register && getBackend() === 'wasm') registerWasmGradients()
      const before = memory().numTensors
      const [given, mask] = [tensor(values), tensor(ones, undefined, 'bool')]
      const result = keepOnly(given, mask)
      expect(bitsOf(result.dataSync() as Float32Array)).toEqual(bitsOf(Float32Array.from(kept)))
      for (const one of [given, mask, result]) one.dispose()
      expect(memory().numTensors).toBe(before)
    }
    if (getBackend() === 'wasm') expect(getKernel(KEEP_ONLY, 'wasm')).toBeDefined()
  })

  it('keepOnly keeps the shape, and takes finite values by a product', () => {
    const result = keepOnly(tensor2d([[1, 2]]), tensor2d([[0, 1]], undefined, 'bool'), {
      finite: true,
    })
    expect([result.shape, [...result.dataSync()]]).toEqual([
      [1, 2],
      [0, 2],
    ])
  })

  it('keepOnly takes int32 values', () => {
    const result = keepOnly(tensor([3, 4], undefined, 'int32'), tensor([0, 1], undefined, 'bool'))
    expect([result.dtype, [...result.dataSync()]]).toEqual(['int32', [0, 4]])
  })

  it('keepOnly with overwrite gives the same, and leaves values alone that another tensor shares', () => {
    if (getBackend() === 'wasm') registerWasmGradients()
    const mask = tensor(ones, undefined, 'bool')
    const [alone, shared] = [tensor(values), tensor(values)]
    const other = clone(shared)
    for (const given of [alone, shared]) {
      const result = keepOnly(given, mask, { overwrite: true })
      expect(bitsOf(result.dataSync() as Float32Array)).toEqual(bitsOf(Float32Array.from(kept)))
      if (getBackend() === 'wasm') expect(result.dataId === given.dataId).toBe(given === alone)
      result.dispose()
    }
    expect(bitsOf(other.dataSync() as Float32Array)).toEqual(bitsOf(Float32Array.from(values)))
  })

  it('keepOnly has the gradient of the product with the mask, and that one has gradients, too', () => {
    if (getBackend() === 'wasm') registerWasmGradients()
    const [given, mask] = [tensor([1, 2, 3]), tensor([1, 0, 1], undefined, 'bool')]
    const cubes = (x: Tensor) => sum(pow(keepOnly(x, mask), 3)) as Scalar
    const first = grad(cubes)
    expect([...first(given).dataSync()].map(Math.round)).toEqual([3, 0, 27])
    expect([...grad((x) => sum(first(x as Tensor)))(given).dataSync()].map(Math.round)).toEqual([
      6, 0, 18,
    ])
  })
})
