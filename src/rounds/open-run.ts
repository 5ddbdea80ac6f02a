import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions } from '../internal/check-options.js'
import { readValues } from '../internal/weight-values.js'
import { rewindToInitial } from '../rewind/rewind-to-initial.js'
import { resolveModel } from '../select/resolve-model.js'
import { task } from '../step/step-options.js'
import { checkResume } from './check-resume.js'
import { checkFinite } from './check-round.js'
import { type PruningOptions, pruningChecks } from './pruning-options.js'
import type { OpenRun, Run } from './run.js'
import { scheduleOf } from './schedule-of.js'
import { tryPieces } from './try-pieces.js'

/** Checks the options of a run and resolves its model. */
export function prepareRun(model: LayersModel, options: PruningOptions): Run {
  checkOptions(options ?? {}, { task, checks: pruningChecks })
  const { rewind: rewinder = rewindToInitial(), select, resume = [] } = options
  const schedule = scheduleOf(options.schedule)
  const resolved = resolveModel(model, select)
  checkResume(resume, { resolved, rewinder })
  return { resolved, options, schedule, rewinder }
}

/** Reads W0 and tries the pieces of a run. No weight is changed. */
export async function openRun(run: Run): Promise<OpenRun> {
  const present = await readValues(run.resolved.weights)
  checkFinite(present, 'before training')
  await tryPieces(run)
  return { ...run, initial: run.options.resume?.[0]?.initial ?? present }
}
