import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from '../allocate/per-layer.js'
import { checkScoring } from '../criteria/check-scoring.js'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { refusesOptions, uncalledFactory } from '../internal/check-piece.js'
import { checkSteps } from '../step/cells.js'
import { checkSharing } from '../step/check-sharing.js'
import { checkFrozen } from '../step/check-ties.js'
import { task } from '../step/step-options.js'
import { checkCriterion } from '../step/try-criterion.js'
import type { Evaluate } from '../types.js'
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
  await checkFrozen(resolved, criterion)
  const { needs = [], gather } = criterion
  await gather?.check?.(model, { needs, samples: options.samples })
  const densities = Array.from({ length: (schedule.rounds ?? 2) - 1 }, (_, i) => schedule(i + 1))
  if (allocate || granularity)
    await checkSharing(allocate ?? perLayer(), resolved, { criterion, densities, granularity })
  if (rewind?.capture && !options.resume?.length) train.checkCapture?.(rewind.capture, model)
  await refuseEvaluateFactory(options.evaluate, model)
  await options.evaluate.check?.(model)
}

/**
 * Throws if `evaluate` is a factory of several arguments that was not called. Such a function is
 * asked once: after round 0 its answer would come too late.
 */
async function refuseEvaluateFactory(evaluate: Evaluate, model: LayersModel): Promise<void> {
  if (evaluate.length < 2) return
  const option = { task, name: 'evaluate', kind: 'an evaluation function' } as const
  let answer: unknown
  try {
    answer = await evaluate(model)
  } catch (error) {
    if (refusesOptions(evaluate, error)) throw uncalledFactory(evaluate, option, error)
  }
  if (typeof answer === 'function') throw uncalledFactory(evaluate, option)
}
