import type { SweepStore } from '../sweep-store.js'
import { storeAt } from './store-at.js'
import { byKey, type SweepRow, sweepRows } from './sweep-rows.js'

/**
 * Reads the rows of a store, without running anything. A driver may be at work on it.
 *
 * @param store The folder of a sweep, or a store. A folder without a sweep is refused.
 * @returns The knobs of each job beside its figures, in the order in which the jobs ended. Jobs
 *   that failed have none.
 * @throws {Error} If there is no sweep, or a line of it cannot be read; the line is told.
 *
 * @example
 * ```ts
 * import { grid, memorySweep, readRows, sweep } from 'tfjs-prune/sweep'
 *
 * const store = memorySweep()
 * const module = ({ seed }: { seed: number }) => ({ square: seed * seed })
 * await sweep(grid({ seed: [1, 2] }), { module, store })
 * const rows = await readRows(store)
 * if (rows[1]?.seed !== 2 || rows[1].square !== 4) throw new Error('knobs beside figures')
 * ```
 */
export async function readRows(store: string | URL | SweepStore): Promise<readonly SweepRow[]> {
  const outcomes = await storeAt(store, 'read the rows').read()
  return sweepRows([...byKey(outcomes).values()])
}
