/** Furthest output, as a share of the largest, that a side may be from the first one. */
export const MOST_DIFFERENCE = 1e-4

/** The furthest output, as a share of the largest. */
export function furthest(got: Float32Array, wanted: Float32Array): number {
  if (got.length !== wanted.length)
    throw new Error(`Expected ${wanted.length} outputs, got ${got.length}`)
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (largest === 0) throw new Error('Expected outputs to compare, got zeros alone')
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0) / largest
}

/** Throws where a side gives other outputs than the first: its time would say nothing. */
export function checkSame(name: string, got: Float32Array, wanted: Float32Array): number {
  const difference = furthest(got, wanted)
  if (difference <= MOST_DIFFERENCE) return difference
  throw new Error(`Expected outputs within ${MOST_DIFFERENCE}, got ${difference} from ${name}`)
}
