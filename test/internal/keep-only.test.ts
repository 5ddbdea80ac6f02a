import { getBackend, getKernel, memory, tensor, tensor2d } from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'
import { KEEP_ONLY, keepOnly } from '../../src/internal/keep-only.js'
import { bitsOf } from '../support/weights.js'

// Eleven values, so that groups of eight leave a rest.
const values = [1, -2, Number.NaN, -0, Number.POSITIVE_INFINITY, 5, -6, 7, Number.NEGATIVE_INFINITY, -9, 10]
const ones = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1]
const kept = [1, -2, 0, 0, 0, 0, 0, 7, 0, 0, 10]

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
    const result = keepOnly(tensor2d([[1, 2]]), tensor2d([[0, 1]], undefined, 'bool'), { finite: true })
    expect([result.shape, [...result.dataSync()]]).toEqual([
      [1, 2],
      [0, 2],
    ])
  })

  it('keepOnly takes int32 values', () => {
    const result = keepOnly(tensor([3, 4], undefined, 'int32'), tensor([0, 1], undefined, 'bool'))
    expect([result.dtype, [...result.dataSync()]]).toEqual(['int32', [0, 4]])
  })
})
