import { perLayer } from '../allocate/per-layer.js'
import { checkScoring } from '../criteria/check-scoring.js'
import { refusesOptions, uncalledFactory } from '../internal/check-piece.js'
import { type WeightValues, writeValues } from '../internal/weight-values.js'
import { denseMaskOf } from '../masks/dense-mask.js'
import { checkSteps } from '../step/cells.js'
import { isLimited } from '../step/check-room.js'
import { checkSharing } from '../step/check-sharing.js'
import { checkFrozen } from '../step/check-ties.js'
import { task } from '../step/step-options.js'
import { checkCriterion } from '../step/try-criterion.js'
import type { Evaluation, RoundReport } from '../types.js'
import { askRule } from './ask-rule.js'
import { checkCompensation } from './check-compensation.js'
import { checkFavoured } from './check-favoured.js'
import { measure } from './measure.js'
import type { Run } from './run.js'
import type { OpenedRun } from './run-store.js'

/**
 * Tries the caller's own pieces before any weight changes. Faults that show only in a later round
 * are refused there.
 */
export async function tryPieces(
  run: Run,
  present: WeightValues,
  stored?: OpenedRun,
): Promise<void> {
  const { resolved, options, schedule, finished } = run
  const { criterion, allocate, granularity, rewind, train, previous } = options
  const { model } = resolved
  train.check?.(model)
  checkScoring(criterion)
  checkCompensation(run)
  checkSteps(resolved, { steps: criterion.steps ?? 1, granularity })
  checkCriterion(resolved, criterion)
  await checkFrozen(resolved, criterion)
  const { needs = [], gather } = criterion
  const weights = resolved.prunable.map(({ name }) => name)
  const { samples, signal } = options
  await gather?.check?.(model, { needs, weights, samples, signal })
  const densities = Array.from({ length: (schedule.rounds ?? 2) - 1 }, (_, i) => schedule(i + 1))
  if (allocate || granularity || resolved.spared.length > 0 || isLimited(resolved.prunable)) {
    const sharing = { criterion, densities, granularity, previous }
    await checkSharing(allocate ?? perLayer(), resolved, sharing)
  }
  if (rewind?.capture && finished.length === 0) train.checkCapture?.(rewind.capture, model)
  const { check } = options.evaluate
  const few = await check?.(model)
  if (few) checkFavoured(train, few, { rounds: schedule.rounds ?? 2 })
  if (finished.length > 0) return
  if (few) refuseTypes(() => tryRule(run, few))
  const tried = few ?? (check ? undefined : await tryEvaluation(run, present))
  if (tried) stored?.checkEvaluation?.(tried)
}

/** Does `work`; of its errors TypeErrors count: numbers of a few samples may be NaN. */
function refuseTypes(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof TypeError) throw error
  }
}

/**
 * Throws if the model cannot be measured, `evaluate` is a factory that was not called, or the rule
 * cannot use its answer. After round 0 that would come too late. The model has its own weights
 * again where the evaluation changed them before it failed.
 */
async function tryEvaluation(run: Run, present: WeightValues): Promise<Evaluation> {
  const { evaluate } = run.options
  const option = { task, name: 'evaluate', kind: 'an evaluation function' } as const
  let evaluation: Evaluation
  try {
    evaluation = await measure(run, present)
  } catch (error) {
    writeValues(run.resolved.weights, present)
    throw refusesOptions(evaluate, error) ? uncalledFactory(evaluate, option, error) : error
  }
  checkFavoured(run.options.train, evaluation, { rounds: run.schedule.rounds ?? 2 })
  tryRule(run, evaluation)
  return evaluation
}

/** Asks the rule about a round with this evaluation. */
function tryRule({ resolved, stop }: Run, evaluation: Evaluation): void {
  const { density, densityOverAll, kept } = denseMaskOf(resolved)
  const seconds = { training: 0, scoring: 0, evaluation: 0 }
  const counts = { round: 0, density, densityOverAll, kept, weights: [] }
  const trial: RoundReport = { ...counts, evaluation, trainingLoss: Number.NaN, seconds }
  if (stop) askRule(stop, [trial])
}
