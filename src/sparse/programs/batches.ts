import { finiteCheck } from './finite-check.js'
import type { Buffer } from './layout/buffers.js'
import type { Builder } from './layout/builder.js'
import { flat } from './layout/forms.js'
import { sizeOf } from './layout/layouts.js'

/**
 * Writes samples in row-major order, from the number of the first on, to a value; lanes without a
 * sample hold anything.
 */
export type Write = (values: Float32Array, first: number) => void

/** Reads samples of a value in row-major order, as many as there is room for. */
export type Read = (values: Float32Array) => void

/**
 * Makes room for a value that comes from outside, and the function that writes it, which throws
 * where it is `checked` and a number is not finite.
 */
export function writer(builder: Builder, value: number, checked = false): () => Write {
  const { lanes, kernels } = builder
  const size = sizeOf(builder.shapeOf(value))
  const buffer = builder.room(size * lanes)
  builder.formsOf(value).flat = { buffer }
  const staging = lanes === 1 ? buffer : builder.room(size * lanes)
  const makeCheck = checked ? finiteCheck(builder, staging, size) : undefined
  return () => {
    const check = makeCheck?.()
    const places = {
      ...{ matrices: 1, fromNext: 0, toNext: 0 },
      ...{ from: staging.address, to: buffer.address, rows: lanes, columns: size },
      ...{ fromStep: size * 4, toStep: lanes * 4 },
    }
    return (values, first) => {
      builder.floats().set(values, staging.address / 4)
      check?.(values, first)
      if (lanes > 1) kernels.transpose(places)
    }
  }
}

/** So many floats are copied one by one sooner than a view of them is made. */
const FEW = 32

/** Makes the function that reads a value. */
export function reader(builder: Builder, value: number): () => Read {
  const { lanes, kernels } = builder
  const size = sizeOf(builder.shapeOf(value))
  const { buffer } = flat(builder, value)
  const take = (from: Buffer): Read => {
    return (values) => {
      const floats = builder.floats()
      const [first, { length }] = [from.address / 4, values]
      if (length > FEW) values.set(floats.subarray(first, first + length))
      else for (let i = 0; i < length; i++) values[i] = floats[first + i]!
    }
  }
  if (lanes === 1) return () => take(buffer)
  const staging = builder.room(size * lanes)
  return () => {
    const places = {
      ...{ matrices: 1, fromNext: 0, toNext: 0 },
      ...{ from: buffer.address, to: staging.address, rows: size, columns: lanes },
      ...{ fromStep: lanes * 4, toStep: size * 4 },
    }
    const read = take(staging)
    return (values) => {
      kernels.transpose(places)
      read(values)
    }
  }
}
