import { denseMaskOf } from '../masks/dense-mask.js'
import { checkStep } from '../schedules/with-rounds.js'
import { isLeast } from '../step/is-least.js'
import { pruningStep } from '../step/pruning-step.js'
import type { PruningStep } from '../step/single-step.js'
import type { Round } from './round.js'
import { roundCriterion } from './round-criterion.js'
import type { OpenRun } from './run.js'

/** The step of round 0, which prunes nothing beyond the mask so far. */
export function firstStep({ resolved, options }: OpenRun): PruningStep {
  return { mask: options.previous ?? denseMaskOf(resolved), updates: {}, atMinimum: [] }
}

/** Prunes to the density of a round after the first. */
export function nextStep(run: OpenRun, round: number, previous: Round): Promise<PruningStep> {
  const { resolved, options, schedule, initial } = run
  const { allocate, granularity, samples, signal } = options
  const criterion = roundCriterion(run)
  const density = schedule(round)
  checkStep(density, round, schedule(round - 1))
  return pruningStep(resolved, {
    ...{ density, criterion, previous: previous.mask, initial, round },
    ...(allocate && { allocate }),
    ...(granularity && { granularity }),
    ...(samples && { samples }),
    ...(previous.movement && { movement: previous.movement }),
    ...(signal && { signal }),
    onProgress: (event) => options.onProgress?.({ kind: 'statistics-gathered', round, ...event }),
  })
}

/**
 * Whether an endless schedule is over: every weight is at its minimum, spared ends or limits leave
 * no room for the density, or it stays as it is below 1.
 */
export async function isOver(
  { resolved, options, schedule }: OpenRun,
  round: number,
  { mask }: Round,
): Promise<boolean> {
  if (schedule.rounds !== undefined) return false
  const density = schedule(round)
  if (density < 1 && density === schedule(round - 1)) return true
  const { allocate, granularity } = options
  return isLeast(resolved, { density, allocate, granularity, previous: mask })
}
