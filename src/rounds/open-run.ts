import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from '../allocate/per-layer.js'
import { checkScoring } from '../criteria/check-scoring.js'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { readWeights, type WeightValues } from '../internal/weight-values.js'
import { denseMask } from '../masks/dense-mask.js'
import type { Mask } from '../masks/mask.js'
import { rewindToInitial } from '../rewind/rewind-to-initial.js'
import type { SelectionOptions } from '../select/select-weights.js'
import { checkGathering } from '../statistics/check-gathering.js'
import { needsOf } from '../statistics/needs.js'
import { checkCriterion } from '../step/score-weight.js'
import { checkSharing, checkSteps } from '../step/select-candidates.js'
import type { Rewinder, Schedule } from '../types.js'
import { checkOptions, checkResume, scheduleOf } from './check-options.js'
import { checkFinite } from './check-round.js'
import type { PruningOptions } from './pruning-options.js'

/** A run with its defaults filled in. */
export interface Run {
  readonly model: LayersModel
  readonly options: PruningOptions
  readonly schedule: Schedule
  readonly rewinder: Rewinder
  readonly select: SelectionOptions
  readonly dense: Mask
  readonly initial: Readonly<WeightValues>
}

/** Checks all that can be checked beforehand and fills in the defaults. */
export async function openRun(model: LayersModel, options: PruningOptions): Promise<Run> {
  checkOptions(options)
  const { rewind: rewinder = rewindToInitial(), select = {}, resume = [] } = options
  const schedule = scheduleOf(options.schedule)
  const dense = denseMask(model, select)
  checkResume(model, resume, { dense, rewinder })
  const present = await readWeights(model)
  checkFinite(present, 'before training')
  await checkPieces(model, options, { schedule, select })
  return {
    model,
    options,
    schedule,
    rewinder,
    select,
    dense,
    initial: resume[0]?.initial ?? present,
  }
}

interface Opening {
  readonly schedule: Schedule
  readonly select: SelectionOptions
}

/**
 * Tries the caller's own pieces before any weight changes; what shows only later is refused when it
 * shows.
 */
async function checkPieces(
  model: LayersModel,
  options: PruningOptions,
  { schedule, select }: Opening,
) {
  const {
    criterion = magnitudeIncrease(),
    allocate,
    granularity,
    rewind,
    train,
    evaluate,
    samples,
  } = options
  checkScoring(criterion)
  checkSteps(model, { steps: criterion.steps ?? 1, select, granularity })
  checkCriterion(model, criterion, select)
  checkGathering(model, needsOf(criterion), samples)
  const densities = Array.from({ length: (schedule.rounds ?? 2) - 1 }, (_, i) => schedule(i + 1))
  if (allocate || granularity) {
    await checkSharing(allocate ?? perLayer(), { model, criterion, densities, select, granularity })
  }
  if (rewind?.capture && !options.resume?.length) train.checkCapture?.(rewind.capture)
  await evaluate.check?.(model)
}
