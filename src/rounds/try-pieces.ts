import { perLayer } from '../allocate/per-layer.js'
import { checkScoring } from '../criteria/check-scoring.js'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { checkGathering } from '../statistics/check-gathering.js'
import { needsOf } from '../statistics/needs.js'
import { checkSteps } from '../step/cells.js'
import { checkSharing } from '../step/check-sharing.js'
import { checkCriterion } from '../step/try-criterion.js'
import type { Run } from './run.js'

/**
 * Tries the caller's own pieces before any weight changes. Faults that show only in a later round
 * are refused there.
 */
export async function tryPieces({ resolved, options, schedule }: Run): Promise<void> {
  const { criterion = magnitudeIncrease(), allocate, granularity, rewind, train } = options
  const { model } = resolved
  checkScoring(criterion)
  checkSteps(resolved, { steps: criterion.steps ?? 1, granularity })
  checkCriterion(resolved, criterion)
  checkGathering(model, needsOf(criterion), options.samples)
  const densities = Array.from({ length: (schedule.rounds ?? 2) - 1 }, (_, i) => schedule(i + 1))
  if (allocate || granularity)
    await checkSharing(allocate ?? perLayer(), resolved, { criterion, densities, granularity })
  if (rewind?.capture && !options.resume?.length) train.checkCapture?.(rewind.capture)
  await options.evaluate.check?.(model)
}
