import { checkSelector, matches, type Selector } from '../../select/selector.js'
import type { SavedWeight } from './opened-model.js'

/**
 * The float32 weights to store in fewer bits: those that the selector names, or those of at least
 * two dimensions that are no constants of a graph.
 */
export function narrowedWeights(
  weights: readonly SavedWeight[],
  select: Selector | undefined,
): SavedWeight[] {
  const candidates = weights.filter(
    ({ dtype, narrows }) => dtype === 'float32' && narrows !== 'never',
  )
  if (select === undefined) return candidates.filter(({ narrows }) => narrows === 'by default')
  checkSelector('select', select, candidates)
  return candidates.filter((weight) => matches(select, weight))
}
