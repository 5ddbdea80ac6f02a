import { checkScoring } from '../criteria/check-scoring.js'
import { magnitude } from '../criteria/magnitude.js'
import type { ResolvedWeights } from '../select/resolve-model.js'
import { checkSteps } from './cells.js'
import { type PruningStep, singleStep } from './single-step.js'
import type { ComputeMaskOptions } from './step-options.js'

/**
 * Scores, shares the density out and keeps the highest, in as many steps as the criterion wants.
 * The model is as before afterwards.
 */
export async function pruningStep(
  resolved: ResolvedWeights,
  options: Omit<ComputeMaskOptions, 'select' | 'spareEnds'>,
): Promise<PruningStep> {
  const { density, allocate, granularity, previous, signal } = options
  const { criterion = allocate?.criterion ?? magnitude() } = options
  checkScoring(criterion)
  const { steps = 1 } = criterion
  checkSteps(resolved, { steps, granularity })
  const start = previous?.density ?? 1
  let done: PruningStep | undefined
  for (let step = 1; step <= steps; step++) {
    const next = step === steps ? density : start * (density / start) ** (step / steps)
    signal?.throwIfAborted()
    const before = done?.mask ?? previous
    const single = { ...options, criterion, density: next, ...(before && { previous: before }) }
    done = await singleStep(resolved, single)
  }
  return done!
}
