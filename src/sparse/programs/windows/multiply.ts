import type { Blocks } from '../../kernels/kernels.js'
import type { SparseMatrix } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder, Task } from '../layout/builder.js'
import type { Loop } from './loops.js'
import { packDense } from './matrices.js'

/** A place in a buffer, in bytes. */
export interface Place {
  readonly buffer: Buffer
  readonly bytes: number
}

export interface Multiplication {
  readonly matrix: SparseMatrix
  readonly bias?: Float32Array | undefined
  readonly bounds?: readonly [least: number, most: number] | undefined
  readonly loops: readonly Loop[]
  /** The pixel or the float that the loops begin with. */
  readonly input: Place
  readonly output: Place
  /** Bytes from one row of the outcome to the next. */
  readonly outRow: number
  /** Where a column is read, in floats of one lane from the first. */
  readonly offsetOf: (column: number) => number
}

/** Makes the task of a product once addresses are known, by the kernel that costs less. */
export function multiplication(builder: Builder, product: Multiplication): () => Task {
  const { constants, kernels, lanes, costs } = builder
  const { matrix, outRow } = product
  const places = {
    outRow,
    rows: matrix.rows,
    bias: product.bias ? constants.place(product.bias) : 0,
    bounds: product.bounds ? constants.place(Float32Array.from(product.bounds)) : 0,
  }
  const columns = offsetsOf(matrix.columns, (column) => product.offsetOf(column) * lanes * 4)
  if (isDense(matrix, costs))
    return callsOf(kernels.denseProduct, product, {
      ...{ ...places, count: matrix.columns, offsets: constants.place(columns) },
      values: constants.derive(matrix, 'dense', () => packDense(matrix)),
    })
  return callsOf(kernels.product, product, {
    ...{ ...places, starts: constants.place(matrix.starts) },
    offsets: constants.place(pick(columns, matrix.indices)),
    values: constants.place(matrix.values),
  })
}

type Ends = 'input' | 'output'

/** Calls a kernel for each of some loops. It keeps no matrix: those lie in the kernels' memory. */
export function callsOf<Places extends { readonly [end in Ends]: number }>(
  kernel: (blocks: Blocks, places: Places) => void,
  { loops, input, output }: Pick<Multiplication, 'loops' | Ends>,
  rest: Omit<Places, Ends>,
): () => Task {
  return () => {
    const calls = loops.map(({ blocks, from, to }) => {
      const ends = {
        input: input.buffer.address + input.bytes + from,
        output: output.buffer.address + output.bytes + to,
      }
      return { blocks, places: { ...rest, ...ends } as Places }
    })
    return () => {
      for (const { blocks, places } of calls) kernel(blocks, places)
    }
  }
}

/** The kernel for whole matrices costs less. */
export function isDense(matrix: SparseMatrix, costs: Builder['costs']): boolean {
  const filled = Math.ceil(matrix.rows / 4) * 4 * matrix.columns
  return filled * costs.dense < matrix.values.length * costs.sparse
}

/** The offset of each column. */
export function offsetsOf(columns: number, offsetOf: (column: number) => number): Int32Array {
  return Int32Array.from({ length: columns }, (_, column) => offsetOf(column))
}

/** The offset of each entry, by its column. */
export function pick(offsets: Int32Array, indices: Uint32Array): Int32Array {
  const picked = new Int32Array(indices.length)
  for (let k = 0; k < picked.length; k++) picked[k] = offsets[indices[k]!]!
  return picked
}
