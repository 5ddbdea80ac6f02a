import type { PairPlaces, TransposePlaces } from '../kernels/kernels.js'
import { ranges } from './ranges.js'

/** A part begins at a multiple of so many floats: no two threads write to one cache line. */
const LINE = 16

interface RowPlaces {
  readonly planes: number
  readonly fromPlane: number
  readonly toPlane: number
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly fromStep: number
  readonly toStep: number
}

/** Some planes in each part, or some rows of one. */
export function cutRows<Places extends RowPlaces>(places: Places, parts: number): Places[] {
  if (places.planes > 1)
    return ranges(places.planes, parts, 1).map(([first, end]) => ({
      ...{ ...places, planes: end - first },
      from: places.from + first * places.fromPlane,
      to: places.to + first * places.toPlane,
    }))
  return ranges(places.rows, parts, 1).map(([first, end]) => ({
    ...places,
    from: places.from + first * places.fromStep,
    to: places.to + first * places.toStep,
    rows: end - first,
  }))
}

/** Some matrices in each part, or some rows or columns of one, whichever are more. */
export function cutTranspose(places: TransposePlaces, parts: number): TransposePlaces[] {
  const { matrices, rows, columns, from, to, fromNext, toNext, fromStep, toStep } = places
  if (matrices > 1)
    return ranges(matrices, parts, 1).map(([first, end]) => ({
      ...{ ...places, matrices: end - first },
      ...{ from: from + first * fromNext, to: to + first * toNext },
    }))
  if (rows >= columns)
    return ranges(rows, parts, LINE).map(([first, end]) => ({
      ...places,
      ...{ from: from + first * fromStep, to: to + first * 4, rows: end - first },
    }))
  return ranges(columns, parts, LINE).map(([first, end]) => ({
    ...places,
    ...{ from: from + first * 4, to: to + first * toStep, columns: end - first },
  }))
}

/** Some elements in each part. */
export function cutPair({ a, b, out, length }: PairPlaces, parts: number): PairPlaces[] {
  return ranges(length, parts, LINE).map(([first, end]) => {
    const at = first * 4
    return { a: a + at, b: b + at, out: out + at, length: end - first }
  })
}

interface BoundedPlaces {
  readonly input: number
  readonly out: number
  readonly bounds: number
  readonly length: number
}

/** Some elements in each part. */
export function cutBounded(places: BoundedPlaces, parts: number): BoundedPlaces[] {
  return ranges(places.length, parts, LINE).map(([first, end]) => ({
    ...{ input: places.input + first * 4, out: places.out + first * 4 },
    ...{ bounds: places.bounds, length: end - first },
  }))
}
