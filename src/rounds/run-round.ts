import { divergence } from '../internal/divergence.js'
import { giveTurn } from '../internal/event-loop.js'
import { readValues, writeValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import { type BoundWeight, bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { maskStatistics } from '../masks/mask-statistics.js'
import { isLimited } from '../step/check-room.js'
import type { PruningStep } from '../step/single-step.js'
import { checkFinite, checkHeld } from './check-round.js'
import { collapseOf } from './collapse-of.js'
import { completedOf } from './held-mask.js'
import { measure } from './measure.js'
import { firstStep, isOver, nextStep } from './next-step.js'
import { packWeights, unpackWeights } from './packed-weights.js'
import { recallsOf } from './recalls-of.js'
import { rewindWeights } from './rewind-weights.js'
import type { Round } from './round.js'
import { roundCriterion } from './round-criterion.js'
import type { RoundPoint } from './round-point.js'
import type { OpenRun } from './run.js'
import { starvedKernels } from './starved-kernels.js'
import { trainRound } from './train-round.js'
import { writeTrained } from './write-trained.js'

/**
 * Prunes, rewinds, trains and measures one round. Undefined if an endless schedule finds nothing
 * left to prune.
 */
export async function runRound(
  run: OpenRun,
  round: number,
  previous: Round | undefined,
): Promise<Round | undefined> {
  const { resolved, options, rewinder, initial } = run
  const started = performance.now()
  // The caller may have given the model other weights while the iterator rested, such as those of
  // the ticket.
  if (previous) writeTrained(resolved.weights, previous)
  await giveTurn()
  const point = pointOf(run, round)
  const step = point ? { ...point, updates: {} } : await stepOf(run, round, previous)
  if (!step) return undefined
  const { mask, updates, atMinimum } = step
  options.onProgress?.({ kind: 'round-started', round, density: mask.density })
  // A stored run may begin at another W0 than the model holds.
  if (!previous && !point) writeValues(resolved.weights, initial)
  writeValues(resolved.weights, point ? unpackWeights(point.trained, mask) : updates)
  if (previous && !point) rewind(run, round, previous)
  await giveTurn()
  const whole = options.granularity?.complete?.(resolved.model, mask) ?? mask
  const held = bindMask(resolved.weights, whole)
  applyBoundMask(held)
  await giveTurn()
  const scored = performance.now()
  const spent = point?.seconds ?? { scoring: (scored - started) / 1000, training: 0 }
  const training = () => spent.training + (performance.now() - scored) / 1000
  const known = () => ({ atMinimum, seconds: { ...spent, training: training() } })
  const toTrain = { mask, held, round, previous, point, known }
  const { trainingLoss, gathered } = await trainRound(run, toTrain)
  const values = await trainedValues(run, round, held)
  const trained = performance.now()
  const seconds = { scoring: spent.scoring, training: training(), evaluation: 0 }
  const evaluation = await measure(run, values)
  const collapsed = collapseOf(evaluation)
  const completed = completedOf(mask, whole)
  seconds.evaluation = (performance.now() - trained) / 1000
  return {
    ...{ round, ...countsOf(mask, whole), atMinimum, ...endsOf(run, mask, previous) },
    ...(previous && criterionOf(run)),
    ...{ evaluation, ...(collapsed && { collapsed }), ...recallsOf(evaluation) },
    ...{ trainingLoss, seconds },
    ...(previous && { made: { density: run.schedule(round), ...run.pieces } }),
    ...(completed.length > 0 && { completed }),
    ...{ mask, trained: packWeights(values, mask), initial, rewinder: rewinder.name, ...gathered },
  }
}

/** The state within the round, where the store has it and the training goes on from it. */
function pointOf({ stored, options }: OpenRun, round: number): RoundPoint | undefined {
  const { point } = stored ?? {}
  return options.train.keepsPoints && point?.round === round ? point : undefined
}

/** Prunes. Undefined if an endless schedule finds nothing left to prune. */
async function stepOf(
  run: OpenRun,
  round: number,
  previous: Round | undefined,
): Promise<PruningStep | undefined> {
  if (!previous) return firstStep(run)
  const { spared, prunable } = run.resolved
  const isBounded = spared.length > 0 || isLimited(prunable)
  if (isBounded && (await isOver(run, round, previous))) return undefined
  const step = await nextStep(run, round, previous)
  const isSame = step.mask.kept === previous.mask.kept
  return isSame && (await isOver(run, round, previous)) ? undefined : step
}

function rewind({ resolved, rewinder, initial }: OpenRun, round: number, previous: Round): void {
  const captured = previous.checkpoint?.weights ?? initial
  rewindWeights(resolved, rewinder, { initial, captured, round })
}

/**
 * The weights after the training of a round. Throws if one is not finite, or a pruned one not 0.
 */
async function trainedValues(
  { resolved }: OpenRun,
  round: number,
  held: readonly BoundWeight[],
): ReturnType<typeof readValues> {
  const values = await readValues(resolved.weights)
  checkFinite(values, `after the training of round ${round}`, divergence)
  await giveTurn()
  checkHeld(
    values,
    held.map(({ masked }) => masked),
    round,
  )
  await giveTurn()
  applyBoundMask(held)
  return values
}

/** Counts of the mask; those of all parameters are of all elements that are held at 0. */
function countsOf(mask: Mask, { densityOverAll }: Mask) {
  const { density, kept } = mask
  return { density, densityOverAll, kept, weights: maskStatistics(mask) }
}

/** The kernels that were spared as ends, and those that starve. */
function endsOf({ resolved }: OpenRun, mask: Mask, previous: Round | undefined) {
  const { spared } = resolved
  const starved = starvedKernels(resolved, mask)
  return {
    ...(previous && spared.length > 0 && { spared }),
    ...(starved.length > 0 && { starved }),
  }
}

function criterionOf(run: OpenRun) {
  const { settings } = roundCriterion(run)
  return settings && { criterion: { ...settings } }
}
