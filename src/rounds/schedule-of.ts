import { askPiece } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import { densityList } from '../schedules/density-list.js'
import { geometric } from '../schedules/geometric.js'
import { checkStep } from '../schedules/with-rounds.js'
import { task } from '../step/step-options.js'
import type { Schedule } from '../types.js'
import type { PruningOptions } from './pruning-options.js'

/** The schedule of a run. Throws for all faults that show before the first round. */
export function scheduleOf(schedule: PruningOptions['schedule'] = geometric()): Schedule {
  if (Array.isArray(schedule)) return densityList(schedule)
  if (typeof schedule !== 'function') {
    const wanted = 'a function or a list as schedule, such as geometric() or [1, 0.5, 0.25]'
    throw new TypeError(`Cannot prune: expected ${wanted}, got ${describe(schedule)}`)
  }
  const first = askPiece(schedule, [0], { task, name: 'schedule', kind: 'a schedule' })
  const { rounds } = schedule
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`Cannot prune: expected a schedule of at least 1 round, got ${rounds}`)
  }
  let before = 1
  for (let round = 0; round < (rounds ?? 1); round++) {
    const density = round === 0 ? first : schedule(round)
    checkStep(density, round, before)
    before = density
  }
  return schedule
}
