import { inPortions, PORTION, type Work } from '../model/work.js'
import { bitWriter } from './bits.js'
import { bitsFor, gapCode, type RiceCode, riceBits, writeRice } from './rice.js'
import { type Rows, rowOf } from './rows.js'

/** Survivors in rows. */
export interface MarkedRows {
  readonly rows: Rows
  /** Flat indices of the survivors, row by row. */
  readonly order: Uint32Array
  /** Survivors of each row. */
  readonly counts: Uint32Array
  /** Parameter of the counts; undefined for a single row, whose count is known. */
  readonly countParameter: number | undefined
}

/**
 * Puts survivors, given by ascending flat indices, into rows, and chooses the parameter of the
 * counts.
 */
export function* markedRows(ascending: Uint32Array, rows: Rows): Work<MarkedRows> {
  const { count, length, step } = rows
  const counts = new Uint32Array(count)
  if (count === 1) counts[0] = ascending.length
  else {
    yield* inPortions(ascending.length, (from, to) => {
      for (let i = from; i < to; i++) counts[rowOf(ascending[i]!, rows)]! += 1
    })
  }
  const order = step > 1 ? yield* sortedByRow(ascending, counts, rows) : ascending
  return {
    rows,
    order,
    counts,
    countParameter: count === 1 ? undefined : yield* bestParameter(counts, length),
  }
}

/** Bits of the rows in the Golomb-Rice code. */
export function* rowBits(marked: MarkedRows): Work<number> {
  let bits = 0
  yield* eachNumber(marked, (value, code) => {
    bits += riceBits(value, code)
  })
  return bits
}

/** Writes rows of so many bits: of each its count, unless it is a single one, and its gaps. */
export function* writeRows(marked: MarkedRows, bits: number): Work<Uint8Array> {
  const bytes = new Uint8Array(Math.ceil(bits / 8))
  const writer = bitWriter(bytes)
  yield* eachNumber(marked, (value, code) => writeRice(writer, value, code))
  return bytes
}

/**
 * The marks of a row, between which gaps are counted: survivors, or zeros where more than half of
 * the row survives.
 */
export function rarer(survivors: number, length: number): { mark: 0 | 1; marks: number } {
  return 2 * survivors > length
    ? { mark: 0, marks: length - survivors }
    : { mark: 1, marks: survivors }
}

type Visit = (value: number, code: RiceCode) => void

/** Visits the numbers that are written: counts and gaps, row by row. */
function* eachNumber(
  { rows, order, counts, countParameter }: MarkedRows,
  visit: Visit,
): Work<void> {
  const { length, start } = rows
  const countCode = countCodeOf(countParameter, length)
  let from = 0
  let since = 0
  for (let row = 0; row < counts.length; row++) {
    const survivors = counts[row]!
    if (countCode) visit(survivors, countCode)
    const { mark, marks } = rarer(survivors, length)
    if (marks > 0) {
      const part = { order, from, to: from + survivors, first: row * start, rows }
      const code = gapCode(length, marks)
      yield* mark === 1 ? eachGap(part, code, visit) : eachGapOfZeros(part, code, visit)
    }
    from += survivors
    since += survivors + 1
    if (since < PORTION) continue
    since = 0
    yield
  }
}

interface Part {
  readonly order: Uint32Array
  /** The row's survivors in `order`. */
  readonly from: number
  readonly to: number
  /** Flat index of the row's first place. */
  readonly first: number
  readonly rows: Rows
}

/** Places before each survivor since the last one. */
function* eachGap(
  { order, from, to, first, rows }: Part,
  code: RiceCode,
  visit: Visit,
): Work<void> {
  let next = 0
  for (let i = from; i < to; i++) {
    const place = (order[i]! - first) / rows.step
    visit(place - next, code)
    next = place + 1
    if ((i - from) % PORTION === PORTION - 1) yield
  }
}

/** Places before each zero since the last one. */
function* eachGapOfZeros(
  { order, from, to, first, rows }: Part,
  code: RiceCode,
  visit: Visit,
): Work<void> {
  let next = 0
  let zero = 0
  for (let i = from; i <= to; i++) {
    const place = i < to ? (order[i]! - first) / rows.step : rows.length
    for (; zero < place; zero++) {
      visit(zero - next, code)
      next = zero + 1
    }
    zero = place + 1
    if ((i - from) % PORTION === PORTION - 1) yield
  }
}

/** Survivors of the first row, then those of the second, and so on, in each by their places. */
function* sortedByRow(ascending: Uint32Array, counts: Uint32Array, rows: Rows): Work<Uint32Array> {
  const ends = new Uint32Array(counts.length)
  for (let row = 1; row < counts.length; row++) ends[row] = ends[row - 1]! + counts[row - 1]!
  const order = new Uint32Array(ascending.length)
  yield* inPortions(ascending.length, (from, to) => {
    for (let i = from; i < to; i++) order[ends[rowOf(ascending[i]!, rows)]!++] = ascending[i]!
  })
  return order
}

/** The code of the counts; undefined where they are not written. */
export function countCodeOf(parameter: number | undefined, length: number): RiceCode | undefined {
  return parameter === undefined ? undefined : { parameter, width: bitsFor(length) }
}

/** Parameter that takes the fewest bits for the counts. */
function* bestParameter(counts: Uint32Array, length: number): Work<number> {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let parameter = 0; parameter <= bitsFor(length); parameter++) {
    const code = { parameter, width: bitsFor(length) }
    let bits = 0
    yield* inPortions(counts.length, (from, to) => {
      for (let row = from; row < to; row++) bits += riceBits(counts[row]!, code)
    })
    if (bits < least) [best, least] = [parameter, bits]
  }
  return best
}
