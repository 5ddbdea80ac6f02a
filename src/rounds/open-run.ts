import type { LayersModel } from '@tensorflow/tfjs-layers'
import { magnitudeIncrease } from '../criteria/magnitude-increase.js'
import { checkOptions } from '../internal/check-options.js'
import { readValues } from '../internal/weight-values.js'
import { refuseSparse } from '../masks/refuse-sparse.js'
import { rewindToInitial } from '../rewind/rewind-to-initial.js'
import { resolveModel } from '../select/resolve-model.js'
import { previousMasks } from '../step/step-inputs.js'
import { task } from '../step/step-options.js'
import type { TaughtRun } from '../types.js'
import { checkMade, checkResume } from './check-resume.js'
import { checkFinite } from './check-round.js'
import { takeDense } from './dense-round.js'
import { type PruningOptions, pruningChecks } from './pruning-options.js'
import { piecesOf } from './round-pieces.js'
import type { OpenRun, Run } from './run.js'
import { scheduleOf } from './schedule-of.js'
import { tryPieces } from './try-pieces.js'

/** Checks the options of a run and resolves its model. */
export function prepareRun(model: LayersModel, options: PruningOptions): Run {
  checkOptions(options ?? {}, { task, checks: pruningChecks })
  const { rewind: rewinder = rewindToInitial(), select, resume = [], dense } = options
  const { criterion = options.allocate?.criterion ?? magnitudeIncrease() } = options
  const schedule = scheduleOf(options.schedule)
  const resolved = resolveModel(model, select, options.spareEnds)
  checkResume(resume, { resolved, rewinder })
  if (dense && (resume.length > 0 || options.previous)) {
    const other = options.previous ? 'previous' : 'resume'
    throw new RangeError(`Cannot prune: expected ${other} or dense, got both`)
  }
  if (options.previous) previousMasks(resolved.prunable, options.previous)
  const finished = dense ? [takeDense(dense, { resolved, rewinder, criterion })] : [...resume]
  return { resolved, options: { ...options, criterion }, schedule, rewinder, finished }
}

/** Reads W0 and tries the pieces of a run. No weight is changed. */
export async function openRun(run: Run): Promise<OpenRun> {
  const present = await readValues(run.resolved.weights)
  checkFinite(present, 'before training')
  if (!run.options.previous && run.finished.length === 0) {
    refuseSparse(run.resolved, { task, present })
  }
  await tryPieces(run, present)
  const teaching = await openTeaching(run)
  const { description = 'none' } = teaching ?? {}
  const pieces = { ...(await piecesOf(run.resolved, run.options)), teaching: description }
  checkMade(run, pieces)
  return { ...run, pieces, teaching, initial: run.finished[0]?.initial ?? present }
}

function openTeaching({ resolved, options: { teach, train } }: Run) {
  const { model, weights } = resolved
  const outputs: TaughtRun['outputs'] = (asked) => train.checkTeaching?.(model, asked) ?? asked
  return teach?.open({ model, weights, outputs })
}
