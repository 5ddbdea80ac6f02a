import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from '../allocate/per-layer.js'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { whileBusy } from '../internal/busy-models.js'
import { releaseTape } from '../internal/release-tape.js'
import { readWeights, writeWeights } from '../internal/weight-values.js'
import { applyMask } from '../masks/apply-mask.js'
import type { Mask } from '../masks/mask.js'
import { maskStatistics } from '../masks/mask-statistics.js'
import { checkStep } from '../schedules/with-rounds.js'
import { isOfMovement, needsOf } from '../statistics/needs.js'
import { type PruningStep, pruningStep } from '../step/pruning-step.js'
import { isLeast } from '../step/select-candidates.js'
import type { TrainingProgress } from '../types.js'
import {
  checkCaptured,
  checkEvaluation,
  checkFinite,
  checkHeld,
  checkTraining,
} from './check-round.js'
import { openRun, type Run } from './open-run.js'
import { packWeights } from './packed-weights.js'
import type { PruningOptions } from './pruning-options.js'
import { rewindWeights } from './rewind-weights.js'
import { applyTrained, type Round } from './round.js'
import { openContext } from './training-context.js'

/**
 * Algorithm 1 as an async iterator, for those who drive themselves: train, score, prune, rewind,
 * again.
 *
 * Yields each finished round, the dense one first. The caller's model is trained in place and holds
 * the yielded round's trained sparse weights whenever the iterator rests; breaking off is always
 * safe. A schedule without an end stops when nothing is left to prune.
 *
 * @param model A built model.
 * @param options Training, evaluation and the pieces to combine.
 * @returns An async iterator of rounds. It leaves no tensor behind.
 * @throws {TypeError | RangeError} If an option is of the wrong type, nothing is prunable, weights
 *   are not finite, a schedule grows, or the rounds to resume do not fit: before any weight
 *   changes. An error of the training function, the criterion or the evaluation is passed on; the
 *   model is then back at the last finished round (or W0).
 * @see Entezari and Saukh 2020, Class-dependent Compression of Deep Neural Networks, arXiv
 *   1909.10364, algorithm 1.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, pruningRounds } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [16] })] })
 * const data = { xs: randomNormal([8, 16]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const options = {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 * }
 * const densities: number[] = []
 * for await (const round of pruningRounds(model, options)) {
 *   densities.push(round.density)
 *   if (round.density <= 0.25) break
 * }
 * if (densities.join() !== '1,0.5,0.25') throw new Error('half of the weights go each round')
 * ```
 */
export async function* pruningRounds(
  model: LayersModel,
  options: PruningOptions,
): AsyncGenerator<Round, void> {
  const run = await openRun(model, options)
  let previous: Round | undefined = options.resume?.at(-1)
  for (
    let round = previous ? previous.round + 1 : 0;
    round < (run.schedule.rounds ?? Number.POSITIVE_INFINITY);
    round++
  ) {
    const finished = await whileBusy(model, () => runSafely(run, round, previous))
    if (!finished) return
    previous = finished
    yield previous
  }
}

/** Runs a round; where that fails, the model is given the weights of the last finished one. */
async function runSafely(
  run: Run,
  round: number,
  previous: Round | undefined,
): Promise<Round | undefined> {
  const { model, options, initial } = run
  let finished = previous
  try {
    options.signal?.throwIfAborted()
    const report = await runRound(run, round, previous)
    if (!report) return undefined
    finished = report
    options.onProgress?.({ kind: 'round-finished', round, report })
    return finished
  } catch (error) {
    releaseTape()
    if (finished) applyTrained(model, finished)
    else writeWeights(model, initial)
    throw error
  }
}

/**
 * Prunes, rewinds, trains and measures one round; undefined when an endless schedule finds nothing
 * left to prune.
 */
async function runRound(
  run: Run,
  round: number,
  previous: Round | undefined,
): Promise<Round | undefined> {
  const { model, options, schedule, rewinder } = run
  const started = performance.now()
  // The caller may have given the model other weights while the iterator rested, such as those of
  // the ticket.
  if (previous) applyTrained(model, previous)
  const { mask, updates, atMinimum } = previous
    ? await nextStep(run, round, previous)
    : { mask: run.dense, updates: {}, atMinimum: [] }
  if (
    previous &&
    schedule.rounds === undefined &&
    mask.kept === previous.mask.kept &&
    isOver(run, round)
  )
    return undefined
  options.onProgress?.({ kind: 'round-started', round, density: mask.density })
  const checkpoint = previous?.checkpoint
  writeWeights(model, updates)
  if (previous)
    rewindWeights(model, rewinder, {
      initial: run.initial,
      captured: checkpoint?.weights ?? run.initial,
      round,
    })
  const held = options.granularity?.complete?.(model, mask) ?? mask
  applyMask(model, held)
  const scored = performance.now()
  const { trainingLoss, gathered } = await trainRound(run, { mask, held, round, previous })
  const values = await readWeights(model)
  checkFinite(values, `after the training of round ${round}`)
  checkHeld(values, held, round)
  applyMask(model, held)
  const trained = performance.now()
  const evaluation = await options.evaluate(model)
  checkEvaluation(evaluation)
  const seconds = {
    scoring: (scored - started) / 1000,
    training: (trained - scored) / 1000,
    evaluation: (performance.now() - trained) / 1000,
  }
  const { density, densityOverAll, kept } = mask
  const report = {
    round,
    density,
    densityOverAll,
    kept,
    weights: maskStatistics(mask),
    atMinimum,
    ...(previous &&
      options.criterion?.settings && { criterion: { ...options.criterion.settings } }),
    evaluation,
    trainingLoss,
    seconds,
  }
  const { name } = rewinder
  return {
    ...report,
    mask,
    trained: packWeights(values, mask),
    initial: run.initial,
    rewinder: name,
    ...gathered,
  }
}

function nextStep(
  { model, options, schedule, select, initial }: Run,
  round: number,
  previous: Round,
): Promise<PruningStep> {
  const {
    criterion = magnitudeIncrease(),
    allocate = perLayer(),
    granularity,
    samples,
    signal,
  } = options
  const density = schedule(round)
  checkStep(density, round, schedule(round - 1))
  return pruningStep(model, {
    ...{ density, criterion, allocate, select, previous: previous.mask, initial, round },
    ...(granularity && { granularity }),
    ...(samples && { samples }),
    ...(previous.movement && { movement: previous.movement }),
    ...(signal && { signal }),
    onProgress: (event) => options.onProgress?.({ kind: 'statistics-gathered', round, ...event }),
  })
}

/**
 * An endless schedule is over when every weight is at its minimum, or when it stays at a density
 * below 1.
 */
function isOver({ model, select, options, schedule }: Run, round: number): boolean {
  const density = schedule(round)
  if (density < 1 && density === schedule(round - 1)) return true
  return isLeast({ model, density, select, granularity: options.granularity })
}

interface RoundToTrain {
  readonly mask: Mask
  /** The mask with what the granularity adds to it. */
  readonly held: Mask
  readonly round: number
  readonly previous: Round | undefined
}

async function trainRound(run: Run, { mask, held, round, previous }: RoundToTrain) {
  const { model, options, rewinder } = run
  const progress = (event: TrainingProgress) =>
    options.onProgress?.({ kind: 'epoch-finished', round, ...event })
  const { context, gathered, readMovement, close } = openContext({
    model,
    mask,
    held,
    round,
    rewinder,
    checkpoint: previous?.checkpoint,
    previousOptimizer: previous?.optimizer,
    needsMovement: needsOf(options.criterion ?? {}).some(isOfMovement),
    signal: options.signal,
    progress,
  })
  try {
    const result = (await options.train(context)) ?? {}
    checkTraining(result, round)
    options.signal?.throwIfAborted()
    const { checkpoint, optimizer } = gathered
    checkCaptured(rewinder, checkpoint)
    const movement = await readMovement?.()
    return {
      trainingLoss: result.loss ?? Number.NaN,
      gathered: {
        ...(checkpoint && { checkpoint }),
        ...(optimizer && { optimizer }),
        ...(movement && { movement }),
      },
    }
  } finally {
    close()
  }
}
