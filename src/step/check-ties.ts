import { zerosLike } from '@tensorflow/tfjs-core'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { AllocationRequest, Criterion } from '../types.js'
import { canTry, tryCriterion } from './try-criterion.js'
import { valuesOf } from './values-of.js'

/** Throws if all scores that compete in a weight are equal: their places would choose. */
export function refuseTies({
  name,
  scores,
  mask,
}: Pick<AllocationRequest, 'name' | 'scores' | 'mask'>): void {
  const first = mask.indexOf(1)
  if (mask.indexOf(1, first + 1) < 0) return
  const score = scores[first]
  if (scores.some((other, i) => mask[i] === 1 && other !== score)) return
  throw new RangeError(
    `Cannot prune ${name}: expected scores that differ, got ${score} for all of it. ` +
      'Take a criterion that tells them apart, such as magnitude(), or leave it out by select.exclude.',
  )
}

/**
 * Throws for a criterion that measures a change if the first frozen weight is to be pruned by it:
 * known before any training.
 */
export async function checkFrozen(
  { prunable }: ResolvedModel,
  criterion: Criterion,
): Promise<void> {
  const frozen = prunable.find(({ trainable, size }) => !trainable && size > 1)
  const { needs = [] } = criterion
  if (!frozen || needs.some((need) => need !== 'movement') || !canTry(criterion)) return
  const { name, variable, size } = frozen
  const still = () => ({ movement: zerosLike(variable) })
  const scores = await valuesOf(() => tryCriterion(criterion, frozen, variable.clone(), still()))
  refuseTies({ name: `the frozen ${name}`, scores, mask: new Uint8Array(size).fill(1) })
}
