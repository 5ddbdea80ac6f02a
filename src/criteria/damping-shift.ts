/** The largest shift: its products with weights and their squares are finite yet. */
const MOST = 1e120

interface Damping {
  /** Share of the mean of the diagonal. */
  readonly damping: number
  /** The caller's task, in errors. */
  readonly task: string
}

/**
 * The number that damping adds to each element of a diagonal of sums of squares. Throws a
 * RangeError where the sums or the shift are too large to calculate with.
 */
export function dampingShift(diagonal: Float64Array, { damping, task }: Damping): number {
  const mean = diagonal.reduce((sum, value) => sum + value, 0) / diagonal.length
  if (!Number.isFinite(mean))
    throw new RangeError(`Cannot ${task}: expected sums of squares that are finite, got ${mean}`)
  const shift = damping * mean
  if (shift <= MOST) return shift
  throw new RangeError(
    `Cannot ${task}: expected a lower damping, got ${damping}: it adds ${shift} to sums of squares`,
  )
}
