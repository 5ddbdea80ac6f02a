import { gather, memory, tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { rowTaker } from '../../src/training/row-taker.js'

/** Rows that come twice, more of them than there are, and none in order. */
const numbers = Int32Array.from([2, 0, 2, 3, 1, 1, 0])

describe('rowTaker', () => {
  it.each([
    ['float32', [4, 3]],
    ['float32', [4]],
    ['int32', [4, 2, 2]],
    ['bool', [4, 3]],
  ] as const)('takes the rows that gather takes, of %s %j', (dtype, shape) => {
    const size = shape.reduce((product: number, side) => product * side, 1)
    const values = Array.from({ length: size }, (_, i) =>
      dtype === 'bool' ? i % 2 : dtype === 'int32' ? i * 7 - 9 : Math.sin(i + 1),
    )
    const all = tensor(values, [...shape], dtype)
    const wanted = gather(all, tensor1d(numbers, 'int32'))
    const before = memory().numTensors
    const taker = rowTaker(all)
    for (let turn = 0; turn < 2; turn++) {
      const taken = taker.tensor(numbers)
      expect([taken.dtype, taken.shape]).toEqual([wanted.dtype, wanted.shape])
      expect(taken.dataSync()).toEqual(wanted.dataSync())
      taken.dispose()
      const plain = taker.plain(numbers)
      expect(plain.shape).toEqual(wanted.shape)
      expect(plain.values).toEqual(Float32Array.from(wanted.dataSync()))
      // A batch of its own: the data stay as they are.
      plain.values.fill(5)
    }
    expect(memory().numTensors).toBe(before)
    expect(all.dataSync()).toEqual(tensor(values, [...shape], dtype).dataSync())
  })
})
