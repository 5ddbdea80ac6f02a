import { type BitReader, type BitWriter, bitReader, bitWriter } from './bits.js'
import { refusal } from './refusal.js'
import { bitsFor, gapCode, type RiceCode, readRice, riceBits, writeRice } from './rice.js'
import type { Rows } from './rows.js'

/** Survivors as rows of zeros and ones, all of the same length. */
export interface MarkedRows {
  /** 1 where a place survives, row by row. */
  readonly alive: Uint8Array
  readonly length: number
  /** Survivors of each row. */
  readonly counts: Uint32Array
  /** Parameter of the counts; undefined for a single row, whose count is known. */
  readonly countParameter: number | undefined
}

/** Counts the survivors of rows and chooses the parameter of the counts. */
export function markedRows(alive: Uint8Array, { count, length }: Pick<Rows, 'count' | 'length'>): MarkedRows {
  const counts = new Uint32Array(count)
  for (let row = 0; row < count; row++) {
    let survivors = 0
    for (let i = row * length, end = i + length; i < end; i++) survivors += alive[i]!
    counts[row] = survivors
  }
  return { alive, length, counts, countParameter: count === 1 ? undefined : bestParameter(counts, length) }
}

/** Bits of the rows in the Golomb-Rice code. */
export function rowBits({ alive, length, counts, countParameter }: MarkedRows): number {
  const countCode = countCodeOf(countParameter, length)
  let bits = 0
  for (let row = 0; row < counts.length; row++) {
    if (countCode) bits += riceBits(counts[row]!, countCode)
    const { mark, marks } = rarer(counts[row]!, length)
    if (marks === 0) continue
    const code = gapCode(length, marks)
    eachGap(alive, { from: row * length, marks, mark }, (gap) => {
      bits += riceBits(gap, code)
    })
  }
  return bits
}

/** Writes rows of so many bits: of each its count, unless it is a single one, and its gaps. */
export function writeRows({ alive, length, counts, countParameter }: MarkedRows, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits / 8))
  const writer: BitWriter = bitWriter(bytes)
  const countCode = countCodeOf(countParameter, length)
  for (let row = 0; row < counts.length; row++) {
    if (countCode) writeRice(writer, counts[row]!, countCode)
    const { mark, marks } = rarer(counts[row]!, length)
    if (marks === 0) continue
    const code = gapCode(length, marks)
    eachGap(alive, { from: row * length, marks, mark }, (gap) => writeRice(writer, gap, code))
  }
  return bytes
}

/** Reads rows with `kept` survivors in all: their flat indices, in the order of the rows. */
export function readRows(
  bytes: Uint8Array,
  { rows, kept, countParameter }: { rows: Rows; kept: number; countParameter: number | undefined },
): Uint32Array {
  const order = new Uint32Array(kept)
  const reader = bitReader(bytes)
  const { count, length } = rows
  const countCode = countCodeOf(countParameter, length)
  let done = 0
  for (let row = 0; row < count; row++) {
    const survivors = countCode ? readRice(reader, countCode) : kept
    if (survivors > length || survivors > kept - done) throw refusal(`${kept} positions`, 'more')
    readRow(reader, { order, done, survivors, row, rows })
    done += survivors
  }
  if (done !== kept) throw refusal(`${kept} positions`, done)
  reader.end()
  return order
}

interface RowToRead {
  readonly order: Uint32Array
  /** Positions that are there already. */
  readonly done: number
  readonly survivors: number
  readonly row: number
  readonly rows: Rows
}

function readRow(reader: BitReader, { order, done, survivors, row, rows }: RowToRead): void {
  const { length, start, step } = rows
  const { mark, marks } = rarer(survivors, length)
  const code = marks > 0 ? gapCode(length, marks) : undefined
  const first = row * start
  let next = done
  let place = 0
  for (let i = 0; i < marks; i++) {
    const marked = place + readRice(reader, code!)
    if (marked >= length) throw refusal(`positions below ${length}`, marked)
    if (mark === 1) order[next++] = first + marked * step
    else for (; place < marked; place++) order[next++] = first + place * step
    place = marked + 1
  }
  if (mark === 0) for (; place < length; place++) order[next++] = first + place * step
}

/** Gaps are counted between what a row has less of: survivors, or zeros where more than half survives. */
function rarer(survivors: number, length: number): { mark: 0 | 1; marks: number } {
  return 2 * survivors > length ? { mark: 0, marks: length - survivors } : { mark: 1, marks: survivors }
}

/** Hands over the number of places before each mark since the last one. */
function eachGap(
  alive: Uint8Array,
  { from, marks, mark }: { from: number; marks: number; mark: 0 | 1 },
  visit: (gap: number) => void,
): void {
  let start = from
  let left = marks
  for (let i = from; left > 0; i++) {
    if (alive[i] !== mark) continue
    visit(i - start)
    start = i + 1
    left--
  }
}

function countCodeOf(parameter: number | undefined, length: number): RiceCode | undefined {
  return parameter === undefined ? undefined : { parameter, width: bitsFor(length) }
}

/** Parameter that takes the fewest bits for the counts. */
function bestParameter(counts: Uint32Array, length: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let parameter = 0; parameter <= bitsFor(length); parameter++) {
    const code = { parameter, width: bitsFor(length) }
    let bits = 0
    for (let row = 0; row < counts.length; row++) bits += riceBits(counts[row]!, code)
    if (bits < least) [best, least] = [parameter, bits]
  }
  return best
}
