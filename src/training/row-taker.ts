import { gather, type Tensor, type TypedArray, tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { Rows } from '../types.js'
import { isReadAtOnce } from './is-read-at-once.js'

/** Takes rows of a tensor by their numbers. */
export interface RowTaker {
  /** As a tensor of the same dtype; to be called in a tidy. */
  readonly tensor: (rows: Int32Array) => Tensor
  /** As plain numbers, for tensors that are read at once. */
  readonly plain: (rows: Int32Array) => Rows
}

/**
 * Makes the functions that take rows of a tensor. Where tensors are read at once they keep its values
 * from the first call on: on wasm a gather takes many times as long as copies of the rows.
 */
export function rowTaker(all: Tensor): RowTaker {
  const { dtype, shape, size } = all
  const columns = size / shape[0]!
  let values: TypedArray | undefined
  const taken = (rows: Int32Array) => {
    values ??= all.dataSync()
    return { values: takeRows(values, columns, rows), shape: [rows.length, ...shape.slice(1)] }
  }
  return {
    tensor: (rows) => {
      if (!isReadAtOnce()) return gather(all, tensor1d(rows, 'int32'))
      const made = taken(rows)
      return tensor(made.values, made.shape, dtype)
    },
    plain: (rows) => {
      const { values, shape } = taken(rows)
      return { values: values instanceof Float32Array ? values : Float32Array.from(values), shape }
    },
  }
}

/** Rows of so many columns by their numbers, side by side. */
function takeRows(values: TypedArray, columns: number, rows: Int32Array): TypedArray {
  const Kind = values.constructor as new (length: number) => TypedArray
  const taken = new Kind(rows.length * columns)
  for (const [i, row] of rows.entries()) {
    const first = row * columns
    if (columns === 1) taken[i] = values[first]!
    else taken.set(values.subarray(first, first + columns), i * columns)
  }
  return taken
}
