interface Energy {
  /** Energy of the outputs. */
  readonly of: number
  /** The caller's task, in errors. */
  readonly task: string
}

/**
 * Energy of the change of outputs as a share of theirs: NaN where all outputs are 0. Throws a
 * RangeError where their squares are too large for float32.
 */
export function shareLost(change: number, { of, task }: Energy): number {
  if (Number.isFinite(of)) return change / of
  throw new RangeError(`Cannot ${task}: expected outputs whose squares are finite, got ${of}`)
}
