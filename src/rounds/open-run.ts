import type { LayersModel } from '@tensorflow/tfjs-layers'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { atOnce } from '../internal/at-once.js'
import { checkOpened } from '../internal/check-opened.js'
import { checkOptions } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { thenClose } from '../internal/then-close.js'
import { readValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import { refuseSparse } from '../masks/refuse-sparse.js'
import { rewindToInitial } from '../rewind/rewind-to-initial.js'
import { type ResolvedModel, resolveModel } from '../select/resolve-model.js'
import { previousMasks } from '../step/step-inputs.js'
import { task } from '../step/step-options.js'
import type { TaughtRun } from '../types.js'
import { checkMade, checkResume } from './check-resume.js'
import { checkFinite } from './check-round.js'
import { checkSets } from './check-sets.js'
import { takeDense } from './dense-round.js'
import { evaluateSets, isSets } from './evaluate-sets.js'
import { isSameMask } from './is-same-mask.js'
import { openStore } from './open-store.js'
import { type PruningOptions, pruningChecks } from './pruning-options.js'
import type { Round } from './round.js'
import { piecesOf } from './round-pieces.js'
import type { OpenRun, Run } from './run.js'
import { factsOf } from './run-facts.js'
import type { OpenedRun } from './run-store.js'
import { scheduleOf } from './schedule-of.js'
import { tryPieces } from './try-pieces.js'

/** Checks the options of a run and resolves its model. */
export function prepareRun(model: LayersModel, options: PruningOptions): Run {
  checkOptions(options ?? {}, { task, checks: pruningChecks })
  const own = copyOptions(options, pruningChecks)
  const { rewind: rewinder = rewindToInitial(), select, resume = [], dense } = own
  const { criterion = options.allocate?.criterion ?? magnitudeIncrease() } = options
  const schedule = scheduleOf(options.schedule)
  const resolved = resolveModel(model, select, options.spareEnds)
  checkResume(resume, { resolved, rewinder, schedule })
  if (options.store && options.resume) {
    throw new RangeError('Cannot prune: expected resume or store, got both: a store has its rounds')
  }
  if (dense && (resume.length > 0 || options.previous)) {
    const other = options.previous ? 'previous' : 'resume'
    throw new RangeError(`Cannot prune: expected ${other} or dense, got both`)
  }
  if (options.previous) checkPrevious(options.previous, resolved, resume)
  const finished = dense ? [takeDense(dense, { resolved, rewinder, criterion })] : [...resume]
  const sets = isSets(options.evaluate) ? Object.keys(options.evaluate) : []
  checkSets(finished, sets)
  const evaluate = isSets(options.evaluate) ? evaluateSets(options.evaluate) : options.evaluate
  const onProgress = options.onProgress && atOnce(options.onProgress, { task, name: 'onProgress' })
  const filled = { ...own, criterion, evaluate, ...(onProgress && { onProgress }) }
  return { resolved, options: filled, schedule, rewinder, finished, sets }
}

/** Throws unless a mask fits the model, and is the one that the finished rounds began with. */
function checkPrevious(
  previous: Mask,
  { prunable }: ResolvedModel,
  [first]: readonly Round[],
): void {
  previousMasks(prunable, previous)
  if (!first || isSameMask(first.mask, previous)) return
  throw new RangeError(
    'Cannot resume: expected previous to be the mask that the finished rounds began with, got ' +
      'another: leave it out, and the run goes on with that of its rounds',
  )
}

/**
 * Reads W0, opens the store where the options have one, and tries the pieces of a run. No weight is
 * changed.
 */
export async function openRun(run: Run): Promise<OpenRun> {
  const { resolved, options, finished } = run
  const present = await readValues(resolved.weights)
  checkFinite(present, 'before training')
  // A store compares the pieces before they are tried: its rounds decide how.
  const early = options.store && (await askPieces(run))
  const facts = early && factsOf(run, early.pieces, present)
  const stored = facts && (await openStore(options.store!, facts, options.signal))
  try {
    if (stored) takeStored(run, stored)
    if (!options.previous && finished.length === 0) refuseSparse(resolved, { task, present })
    await tryPieces(run, present, stored)
    const { pieces, teaching } = early ?? (await askPieces(run))
    checkMade(run, pieces, stored?.point)
    // The dense round of another run is the first of this one.
    if (stored?.rounds.length === 0) for (const round of finished) await stored.save(round)
    const initial = finished[0]?.initial ?? stored?.initial ?? present
    return { ...run, pieces, teaching, initial, ...(stored && { stored }) }
  } catch (error) {
    return thenClose(
      () => Promise.reject(error),
      () => stored?.close(),
    )
  }
}

/** Begins the teaching of a run, and asks its pieces for the answers that tell them apart. */
async function askPieces(run: Run): Promise<Pick<OpenRun, 'pieces' | 'teaching'>> {
  const teaching = await openTeaching(run)
  const { description = 'none' } = teaching ?? {}
  const pieces = { ...(await piecesOf(run.resolved, run.options)), teaching: description }
  return { pieces, teaching }
}

/** The finished rounds of the store become those of the run. */
function takeStored(run: Run, { rounds }: OpenedRun): void {
  const { finished, sets } = run
  if (rounds.length === 0) return
  checkResume(rounds, run)
  checkSets(rounds, sets)
  finished.splice(0, finished.length, ...rounds)
}

async function openTeaching({ resolved, options: { teach, train } }: Run) {
  if (!teach) return undefined
  const { model, weights, prunable } = resolved
  const outputs: TaughtRun['outputs'] = (asked) => train.checkTeaching?.(model, asked) ?? asked
  const opened = await teach.open({ model, weights, prunable, outputs })
  checkOpened(opened, { task, opener: 'open of teach', methods: ['teacher'] })
  return opened
}
