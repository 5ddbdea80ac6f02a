import type { WasmBackend } from '../engine/backend.js'
import type { MaskData } from './mask-data.js'

/** The kept weights of a filter `[taps, inputs, outputs]`, sorted into rows. */
export interface KeptWeights {
  readonly rows: number
  /** `rows + 1` numbers: where the entries of each row begin. */
  readonly starts: Int32Array
  /** Bytes from the block of a row to the one that an entry reads. */
  readonly offsets: Int32Array
  /** Places in the filter, in the order of memory within a tap, and the entry of each. */
  readonly places: Int32Array
  readonly entries: Int32Array
}

/** Where a tap of a filter is read. */
export interface Tap {
  readonly tap: number
  /** In bytes. */
  readonly offset: number
  /** Its rows are the channels from here on: each set of rows has taps of its own. */
  readonly firstRow: number
}

/** How the entries of a filter are read. */
export interface Reading {
  readonly inputs: number
  readonly outputs: number
  /** Rows are outputs, and entries read inputs; or the other way round. */
  readonly rows: 'outputs' | 'inputs'
  /** Taps in the order in which a row reads them. */
  readonly taps: readonly Tap[]
  /** Bytes from one channel to the next. */
  readonly channel: number
}

/** Kinds of images that the kept weights of a mask are remembered for. */
const MOST = 16

const known = new WeakMap<object, Map<string, KeptWeights>>()

/** The kept weights of a mask; worked out once for each way to read them. */
export function keptWeights(backend: WasmBackend, mask: MaskData, reading: Reading): KeptWeights {
  const ways = known.get(mask.dataId) ?? new Map<string, KeptWeights>()
  known.set(mask.dataId, ways)
  const key = JSON.stringify(reading)
  const found = ways.get(key)
  if (found) return found
  if (ways.size >= MOST) ways.clear()
  const made = sortIntoRows(bytesOf(backend, mask), reading)
  ways.set(key, made)
  return made
}

function bytesOf({ wasm, dataIdMap }: WasmBackend, { dataId, size }: MaskData): Uint8Array {
  // Asked first: a mask that comes from another backend may make the heap grow.
  const { memoryOffset } = dataIdMap.get(dataId)
  return new Uint8Array(wasm.HEAPU8.buffer, memoryOffset, size)
}

function sortIntoRows(mask: Uint8Array, reading: Reading): KeptWeights {
  const { inputs, outputs, taps, channel } = reading
  const byOutput = reading.rows === 'outputs'
  const rows = Math.max(...taps.map(({ firstRow }) => firstRow)) + (byOutput ? outputs : inputs)
  const eachKept = (
    visit: (row: number, column: number, offset: number, place: number) => void,
  ) => {
    for (const { tap, offset, firstRow } of taps) {
      let place = tap * inputs * outputs
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++, place++) {
          if (mask[place] === 0) continue
          if (byOutput) visit(firstRow + output, input, offset, place)
          else visit(firstRow + input, output, offset, place)
        }
      }
    }
  }
  const starts = new Int32Array(rows + 1)
  eachKept((row) => {
    starts[row + 1]!++
  })
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice()
  const count = starts[rows]!
  const [offsets, places, entries] = [count, count, count].map((size) => new Int32Array(size))
  let visited = 0
  eachKept((row, column, offset, place) => {
    const entry = next[row]!++
    offsets![entry] = offset + column * channel
    places![visited] = place
    entries![visited++] = entry
  })
  return { rows, starts, offsets: offsets!, places: places!, entries: entries! }
}

const counts = new WeakMap<object, number>()

/** How many weights a mask keeps; counted once. */
export function countKept(backend: WasmBackend, mask: MaskData): number {
  const found = counts.get(mask.dataId)
  if (found !== undefined) return found
  let kept = 0
  for (const one of bytesOf(backend, mask)) kept += one
  counts.set(mask.dataId, kept)
  return kept
}
