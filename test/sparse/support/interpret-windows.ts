import type {
  GlobalPool,
  Pool,
  Product,
  Shape,
  SparseMatrix,
  Window,
} from '../../../src/sparse/network/network.js'
import type { Sample } from './interpret.js'

/** A matrix with its zeros, row by row, once for all samples. */
export function dense(matrix: SparseMatrix): readonly (readonly number[])[] {
  const known = filled.get(matrix) ?? fill(matrix)
  filled.set(matrix, known)
  return known
}

const filled = new WeakMap<SparseMatrix, readonly (readonly number[])[]>()

function fill({ rows, columns, starts, indices, values }: SparseMatrix): number[][] {
  return Array.from({ length: rows }, (_, r) => {
    const row = new Array<number>(columns).fill(0)
    for (let k = starts[r]!; k < starts[r + 1]!; k++) {
      if (indices[k]! >= columns) throw new Error(`column ${indices[k]} of ${columns}`)
      if (k > starts[r]! && indices[k]! <= indices[k - 1]!)
        throw new Error(`columns of row ${r} do not ascend`)
      row[indices[k]!] = values[k]!
    }
    return row
  })
}

/** matrix * vector. */
export function times(matrix: readonly (readonly number[])[], vector: ArrayLike<number>): number[] {
  return matrix.map((row) => {
    let sum = 0
    for (let i = 0; i < row.length; i++) if (row[i] !== 0) sum += row[i]! * vector[i]!
    return sum
  })
}

export function product(
  { window, matrix, bias, bounds }: Product,
  input: Sample,
  shape: Shape,
): number[] {
  const rows = dense(matrix)
  const [least, most] = bounds ?? [-Infinity, Infinity]
  const outcome = (vector: ArrayLike<number>) =>
    times(rows, vector).map((sum, r) => Math.min(Math.max(sum + (bias?.[r] ?? 0), least), most))
  if (window)
    return views(window, input, shape).flatMap((view) =>
      outcome(view.flatMap((x) => x ?? zeros(input))),
    )
  const channels = input.shape.at(-1)!
  if (channels !== matrix.columns)
    throw new Error(`${channels} channels, ${matrix.columns} columns`)
  const all: number[] = []
  for (let from = 0; from < input.values.length; from += channels)
    all.push(...outcome(input.values.subarray(from, from + channels)))
  return all
}

function zeros({ shape }: Sample): number[] {
  return new Array<number>(shape.at(-1)!).fill(0)
}

/**
 * For each pixel of the outcome the pixels of its window, row by row, each with its channels;
 * undefined outside the image.
 */
function views(
  { size, strides, dilations, padding: [before, after] }: Window,
  { values, shape }: Sample,
  outShape: Shape,
): (number[] | undefined)[][] {
  if (shape.length !== 3 || outShape.length !== 3) throw new Error('a window needs images')
  const [height, width, channels] = shape as [number, number, number]
  for (const axis of [0, 1] as const) {
    const room = shape[axis]! + before[axis] + after[axis] - (size[axis] - 1) * dilations[axis] - 1
    if (Math.floor(room / strides[axis]) + 1 !== outShape[axis])
      throw new Error(`padding of axis ${axis} does not make ${outShape[axis]} pixels`)
  }
  const all: (number[] | undefined)[][] = []
  for (let outY = 0; outY < outShape[0]!; outY++) {
    for (let outX = 0; outX < outShape[1]!; outX++) {
      const view: (number[] | undefined)[] = []
      for (let i = 0; i < size[0]; i++) {
        for (let j = 0; j < size[1]; j++) {
          const y = outY * strides[0] + i * dilations[0] - before[0]
          const x = outX * strides[1] + j * dilations[1] - before[1]
          const inside = y >= 0 && y < height && x >= 0 && x < width
          const from = (y * width + x) * channels
          view.push(inside ? [...values.subarray(from, from + channels)] : undefined)
        }
      }
      all.push(view)
    }
  }
  return all
}

export function pooled({ of, window }: Pool, input: Sample, shape: Shape): number[] {
  return views(window, input, shape).flatMap((view) =>
    pool(
      view.filter((pixel) => pixel !== undefined),
      of,
    ),
  )
}

export function globallyPooled({ of }: GlobalPool, { values, shape }: Sample): number[] {
  const channels = shape.at(-1)!
  const pixels: number[][] = []
  for (let from = 0; from < values.length; from += channels)
    pixels.push([...values.subarray(from, from + channels)])
  return pool(pixels, of)
}

function pool(pixels: readonly number[][], of: Pool['of']): number[] {
  return pixels[0]!.map((_, channel) => {
    const column = pixels.map((pixel) => pixel[channel]!)
    if (of === 'maximum') return Math.max(...column)
    return column.reduce((sum, x) => sum + x, 0) / column.length
  })
}
