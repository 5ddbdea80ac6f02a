import { refusal } from '../model/refusal.js'
import { PORTION, type Work } from '../model/work.js'
import { type BitReader, bitReader } from './bits.js'
import { gapCode, readRice } from './rice.js'
import { countCodeOf, rarer } from './row-code.js'
import type { Rows } from './rows.js'

/** Reads rows with `kept` survivors in all: their flat indices, in the order of the rows. */
export function* readRows(
  bytes: Uint8Array,
  { rows, kept, countParameter }: { rows: Rows; kept: number; countParameter: number | undefined },
): Work<Uint32Array> {
  const order = new Uint32Array(kept)
  const reader = bitReader(bytes)
  const { count, length } = rows
  const countCode = countCodeOf(countParameter, length)
  let done = 0
  let since = 0
  for (let row = 0; row < count; row++) {
    const survivors = countCode ? readRice(reader, countCode) : kept
    if (survivors > length || survivors > kept - done) throw refusal(`${kept} positions`, 'more')
    yield* readRow(reader, { order, done, survivors, row, rows })
    done += survivors
    since += survivors + 1
    if (since < PORTION) continue
    since = 0
    yield
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

function* readRow(reader: BitReader, { order, done, survivors, row, rows }: RowToRead): Work<void> {
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
    if (i % PORTION === PORTION - 1) yield
  }
  if (mark === 0) for (; place < length; place++) order[next++] = first + place * step
}
