import type { Buffer } from './layout/buffers.js'
import type { Builder } from './layout/builder.js'

/** Throws where one of the samples, from the number of the first on, holds no finite number. */
export type FiniteCheck = (values: Float32Array, first: number) => void

/** Makes the check of samples of `size` floats that were written to a buffer. */
export function finiteCheck(builder: Builder, buffer: Buffer, size: number): () => FiniteCheck {
  const { kernels } = builder
  const result = builder.room(4)
  return () => (values, first) => {
    const { length } = values
    kernels.largestMagnitude({ input: buffer.address, out: result.address, length })
    const floats = builder.floats()
    const at = result.address / 4
    // Doubles: the sum of floats never overflows.
    let sum = floats[at]! + floats[at + 1]! + floats[at + 2]! + floats[at + 3]!
    for (let i = length - (length % 4); i < length; i++) sum += values[i]!
    if (!Number.isFinite(sum)) throw notFinite(values, first, size)
  }
}

function notFinite(values: Float32Array, first: number, size: number): RangeError {
  const bad = values.findIndex((value) => !Number.isFinite(value))
  const place = `${values[bad]} at ${bad % size} of sample ${first + Math.floor(bad / size)}`
  return new RangeError(`Cannot predict: expected finite inputs, got ${place}`)
}
