import type { Pair, Product, SparseMatrix, Window } from '../../network/network.js'
import { imageOf } from '../../programs/layout/layouts.js'
import type { Tape } from './tape.js'

/** The gradient of a product's input: a product as well, by the same weights. */
export function productInput(
  { window, matrix }: Product,
  { input, inside }: { input: number; inside: number },
  { shapeOf, emit }: Tape,
): number {
  const shape = shapeOf(input)
  const [height, width, channels] = imageOf(shape)
  if (!window) return emit({ kind: 'product', matrix: turn(matrix, [1, 1]) }, [inside], shape)
  const back = turn(matrix, window.size, channels)
  const out = shapeOf(inside)
  const image = imageOf(out)
  const isStrided = window.strides.some((stride) => stride > 1)
  // Sequences have an axis less than images.
  const own = (pixels: Pair, count: number) =>
    shape.length === 3 ? [...pixels, count] : [pixels[1], count]
  const sides = ([0, 1] as const).map(
    (axis) => (image[axis] - 1) * window.strides[axis] + 1,
  ) as unknown as Pair
  const spread = isStrided
    ? emit(
        {
          kind: 'spread',
          steps: shape.length === 3 ? [...window.strides, 1] : [window.strides[1], 1],
        },
        [inside],
        own(sides, image[2]),
      )
    : inside
  const flipped = backWindow(window, sides, [height, width])
  return emit({ kind: 'product', window: flipped, matrix: back }, [spread], shape)
}

/** The window that goes over the gradient; its padding gives all pixels of the input. */
function backWindow({ size, dilations, padding }: Window, sides: Pair, image: Pair): Window {
  const axes = ([0, 1] as const).map((axis) => {
    const reach = (size[axis] - 1) * dilations[axis] + 1
    const before = reach - 1 - padding[0][axis]
    return { before, after: image[axis] - sides[axis] - before + reach - 1 }
  })
  const pair = (key: 'before' | 'after'): Pair => [axes[0]![key], axes[1]![key]]
  return { size, dilations, strides: [1, 1], padding: [pair('before'), pair('after')] }
}

/** The transposed matrix, with the window turned round: row `channel`, column (place, row). */
function turn(from: SparseMatrix, size: Pair, channels = from.columns): SparseMatrix {
  const { rows, starts, indices, values } = from
  const places = size[0] * size[1]
  const begins = new Uint32Array(channels + 1)
  for (const column of indices) begins[(column % channels) + 1]!++
  for (let row = 0; row < channels; row++) begins[row + 1]! += begins[row]!
  const next = begins.slice(0, channels)
  const order = new Uint32Array(indices.length)
  const columns = new Uint32Array(indices.length)
  // Entries by their new columns: the last place of the window first, and in it row by row.
  const byPlace = Array.from({ length: places }, (): [number, number][] => [])
  for (let row = 0; row < rows; row++)
    for (let k = starts[row]!; k < starts[row + 1]!; k++)
      byPlace[places - 1 - Math.floor(indices[k]! / channels)]!.push([row, k])
  for (const [place, entries] of byPlace.entries()) {
    for (const [row, k] of entries) {
      const at = next[indices[k]! % channels]!++
      order[at] = k
      columns[at] = place * rows + row
    }
  }
  const turned = new Float32Array(order.length)
  for (let k = 0; k < turned.length; k++) turned[k] = values[order[k]!]!
  return {
    ...{ rows: channels, columns: places * rows, starts: begins, indices: columns },
    values: turned,
    copyOf: { matrix: from, order },
  }
}
