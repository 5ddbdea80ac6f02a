import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from '../allocate/per-layer.js'
import { magnitude } from '../criteria/magnitude.js'
import { checkFree } from '../internal/busy-models.js'
import { readValues, readWeights } from '../internal/weight-values.js'
import { applyMask } from '../masks/apply-mask.js'
import { denseMask } from '../masks/dense-mask.js'
import type { Mask } from '../masks/mask.js'
import { refuseSparse } from '../masks/refuse-sparse.js'
import { type ResolvedModel, resolveModel } from '../select/resolve-model.js'
import { isLimited } from '../step/check-room.js'
import { checkSharing } from '../step/check-sharing.js'
import { computeMask } from '../step/compute-mask.js'
import type { ComputeMaskOptions } from '../step/step-options.js'
import type { GradualOptimizer } from './gradual-optimizer.js'
import { densityOf, type GradualPrunerOptions, task } from './gradual-options.js'

/** A model that is pruned gradually, and how far it is. */
export interface GradualRun {
  readonly model: LayersModel
  /** Density after this many steps. */
  readonly density: (step: number) => number
  /** The options of each pruning step but for density, round and previous mask. */
  readonly pieces: Omit<ComputeMaskOptions, 'density'>
  /** The mask with the places that the granularity holds beside it. */
  readonly complete: (mask: Mask) => Mask
  /** Finished steps. */
  finished: number
  mask: Mask
}

/** Tries the pieces and finds the first mask. The model is as before. */
export async function openRun(
  model: LayersModel,
  options: GradualPrunerOptions,
): Promise<GradualRun> {
  const density = densityOf(options)
  const { criterion, allocate, spareEnds, granularity, select = {}, resume, previous } = options
  const resolved = resolveModel(model, select, spareEnds)
  const start = await startOf(resolved, options)
  const pieces = await piecesOf(model, options)
  const finished = resume?.step ?? 0
  const tried = await computeMask(model, {
    ...{ ...pieces, density: density(finished), round: finished },
    ...(start && { previous: start }),
  })
  if (resume && finished >= options.end && tried.kept < resume.mask.kept) {
    const wanted = `end above resume.step, ${finished}, for a mask above the density`
    const got = `${options.end} and a mask of ${resume.mask.density}`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  if (allocate || granularity || spareEnds || isLimited(resolved.prunable)) {
    const densities = [...new Set(Array.from({ length: options.end + 1 }, (_, at) => density(at)))]
    const scored = criterion ?? allocate?.criterion ?? magnitude()
    const sharing = { criterion: scored, densities, granularity, previous: start }
    await checkSharing(allocate ?? perLayer(), resolved, sharing)
  }
  const mask = resume?.mask ?? (density(0) < 1 ? tried : (previous ?? denseMask(model, select)))
  const complete = (own: Mask) => granularity?.complete?.(model, own) ?? own
  return { model, density, pieces, complete, finished, mask }
}

/** The mask that a run begins with; none for a dense model. */
async function startOf(
  resolved: ResolvedModel,
  { resume, previous }: GradualPrunerOptions,
): Promise<Mask | undefined> {
  if (resume && previous)
    throw new RangeError(`Cannot ${task}: expected previous or resume, got both`)
  const mask = resume?.mask ?? previous
  if (!mask) refuseSparse(resolved, { task, present: await readValues(resolved.weights) })
  return mask
}

async function piecesOf(
  model: LayersModel,
  options: GradualPrunerOptions,
): Promise<GradualRun['pieces']> {
  const { criterion, allocate, spareEnds, granularity, select = {}, samples, signal } = options
  // Only a criterion of the caller's may look at the weights before training.
  const own = criterion ?? allocate?.criterion
  const initial = options.initial ?? (own && (await readWeights(model)))
  return {
    select,
    ...(criterion && { criterion }),
    ...(allocate && { allocate }),
    ...(spareEnds && { spareEnds }),
    ...(granularity && { granularity }),
    ...(samples && { samples }),
    ...(initial && { initial }),
    ...(signal && { signal }),
  }
}

/** Counts a step, and makes the next mask where the density falls. Tells whether it did. */
export async function finishStep(
  run: GradualRun,
  optimizers: readonly GradualOptimizer[],
): Promise<boolean> {
  const { model, pieces, finished, mask: previous } = run
  pieces.signal?.throwIfAborted()
  checkFree(model, task)
  const round = finished + 1
  const density = run.density(round)
  const isLower = density < run.density(finished)
  if (isLower) {
    const next = await computeMask(model, { ...pieces, density, previous, round })
    const held = run.complete(next)
    applyMask(model, held)
    for (const optimizer of optimizers) optimizer.hold(held)
    run.mask = next
  }
  run.finished = round
  return isLower
}
