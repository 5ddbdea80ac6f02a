import type { Blocks } from '../../kernels/kernels.js'
import type { SparseMatrix } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder, Task } from '../layout/builder.js'
import type { Run } from '../layout/layouts.js'
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

/** Makes a task once addresses are known: that of some rows, which go to row `to` and further. */
export type MakeRows = (rows?: Run, to?: number) => Task

/** Makes the task of a product, or of some of its rows, by the kernel that costs less. */
export function multiplication(builder: Builder, product: Multiplication): MakeRows {
  const { constants, kernels, lanes, costs } = builder
  const { matrix, outRow } = product
  const bias = product.bias ? constants.place(product.bias) : 0
  const bounds = product.bounds ? constants.place(Float32Array.from(product.bounds)) : 0
  const columns = offsetsOf(matrix.columns, (column) => product.offsetOf(column) * lanes * 4)
  const partOf = ({ first, end }: Run, to: number) => ({
    output: { ...product.output, bytes: product.output.bytes + to * outRow },
    places: { outRow, rows: end - first, bounds, bias: bias && bias + first * 4 },
  })
  const all = { first: 0, end: matrix.rows }
  if (isDense(matrix, costs)) {
    const offsets = constants.place(columns)
    const values = constants.derive(matrix, 'dense', () => packDense(matrix))
    return (rows = all, to = rows.first) => {
      const { output, places } = partOf(rows, to)
      const dense = {
        offsets,
        count: matrix.columns,
        values: values + rows.first * matrix.columns * 4,
      }
      return callsOf(kernels.denseProduct, { ...product, output }, { ...places, ...dense })()
    }
  }
  const starts = constants.place(matrix.starts)
  const offsets = constants.place(pick(columns, matrix.indices))
  const values = constants.place(matrix.values)
  return (rows = all, to = rows.first) => {
    const { output, places } = partOf(rows, to)
    const sparse = { offsets, values, starts: starts + rows.first * 4 }
    return callsOf(kernels.product, { ...product, output }, { ...places, ...sparse })()
  }
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
