import type { Buffer } from './layout/buffers.js'
import type { Builder } from './layout/builder.js'
import { flat } from './layout/forms.js'
import { sizeOf } from './layout/layouts.js'

/** Writes samples in row-major order to a value; lanes without a sample hold anything. */
export type Write = (samples: number, values: Float32Array) => void

/** Reads the samples of a value in row-major order. */
export type Read = (samples: number, values: Float32Array) => void

/** Makes room for a value that comes from outside, and the function that writes it. */
export function writer(builder: Builder, value: number): () => Write {
  const { lanes, kernels } = builder
  const size = sizeOf(builder.shapeOf(value))
  const buffer = builder.room(size * lanes)
  builder.formsOf(value).flat = { buffer }
  if (lanes === 1) return () => (_, values) => builder.floats().set(values, buffer.address / 4)
  const staging = builder.room(size * lanes)
  return () => {
    const places = {
      ...{ matrices: 1, fromNext: 0, toNext: 0 },
      ...{ from: staging.address, to: buffer.address, rows: lanes, columns: size },
      ...{ fromStep: size * 4, toStep: lanes * 4 },
    }
    return (_, values) => {
      builder.floats().set(values, staging.address / 4)
      kernels.transpose(places)
    }
  }
}

/** Makes the function that reads a value. */
export function reader(builder: Builder, value: number): () => Read {
  const { lanes, kernels } = builder
  const size = sizeOf(builder.shapeOf(value))
  const { buffer } = flat(builder, value)
  const take = (from: Buffer): Read => {
    return (samples, values) => {
      const first = from.address / 4
      values.set(builder.floats().subarray(first, first + samples * size))
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
    return (samples, values) => {
      kernels.transpose(places)
      read(samples, values)
    }
  }
}
