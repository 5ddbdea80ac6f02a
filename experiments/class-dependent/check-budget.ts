import { BATCH_SIZE, epochsFor } from './plan.js'
import type { StudyRow } from './rows.js'

/** The budget that a run of the study would give each system. */
export interface Budget {
  readonly set: string
  readonly network: string
  readonly steps: number
  /** Samples of the part to train on. */
  readonly samples: number
}

/**
 * Checks that rows of tuning have the epochs that the steps make, so that all systems of a file are
 * tuned alike.
 *
 * @throws {RangeError} If a row has others; it names them, and the steps that go with them.
 */
export function checkBudget(
  rows: readonly StudyRow[],
  { set, network, steps, samples }: Budget,
): void {
  const own = rows.filter((row) => row.set === set && row.network === network)
  const tuned = own.filter(({ phase }) => phase === 'tuning').map(({ epochs }) => epochs)
  const wanted: readonly number[] = epochsFor(samples, steps)
  const others = [...new Set(tuned)].filter((epochs) => !wanted.includes(epochs))
  if (others.length === 0) return
  const remedy = Math.min(...tuned) * Math.ceil(samples / BATCH_SIZE)
  throw new RangeError(
    `Cannot go on with these rows: expected tuning with ${wanted.join(' and ')} epochs, as --steps ${steps} makes, got ${others.sort((a, b) => a - b).join(' and ')}; all systems must have the same budget: give --steps ${remedy}, or another --folder`,
  )
}
