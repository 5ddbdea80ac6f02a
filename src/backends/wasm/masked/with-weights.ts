import { floatsOf, type WasmBackend, withScratch } from '../engine/backend.js'
import type { KeptWeights } from './kept-weights.js'

/** Kept weights on the heap: addresses in bytes, as the loops take them. */
export interface WeightPlaces {
  readonly rows: number
  readonly starts: number
  readonly offsets: number
  /** So many floats an entry. */
  readonly values: number
}

/**
 * Runs `work` with kept weights on the heap, and room for values of `each` floats an entry: those
 * of the filter that begins at an index, or 0.
 */
export function withWeights(
  backend: WasmBackend,
  weights: KeptWeights,
  { filter, each = 1 }: { filter?: number; each?: number },
  work: (places: WeightPlaces) => void,
): void {
  const { rows, starts, offsets, places, entries } = weights
  const count = places.length
  withScratch(backend, rows + 1 + count * (1 + each), (at) => {
    const heap = floatsOf(backend)
    const whole = new Int32Array(heap.buffer)
    const values = at + rows + 1 + count
    whole.set(starts, at)
    whole.set(offsets, at + rows + 1)
    if (filter === undefined) heap.fill(0, values, values + count * each)
    else for (let i = 0; i < count; i++) heap[values + entries[i]!] = heap[filter + places[i]!]!
    work({ rows, starts: at * 4, offsets: (at + rows + 1) * 4, values: values * 4 })
  })
}
