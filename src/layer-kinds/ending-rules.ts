import { gated, sloped, weighted } from './activation-endings.js'
import { type Rule, SCORES } from './ending.js'
import type { LayerKind } from './layer-kind.js'
import { added, inChannels, joined, keptUnlessSoftmax, merged } from './merge-endings.js'

/** Statistics that are not fitted yet leave a sigmoid above 0. */
const normalised: Rule = (call) => (merged(call).kind === 'sigmoid' ? { kind: 'floored' } : SCORES)

/** The rules for kinds of layers, by their effect on probabilities. */
const BY_EFFECT: Readonly<Record<NonNullable<LayerKind['probabilities']>, Rule>> = {
  kept: (call) => inChannels(call),
  unnormalised: keptUnlessSoftmax,
  lost: added,
  none: () => SCORES,
}

/** The rule for a kind of layers; undefined where it does not tell. */
export function ruleOf({ weights, probabilities, gates, passes, stage }: LayerKind) {
  const hasWeights = Object.keys(weights).length > 0
  if (probabilities === 'kept' && stage === 'activation' && hasWeights) return sloped
  if (probabilities === 'kept' && (stage || passes === 'order')) return merged
  if (probabilities === 'kept' && passes === 'joined') return joined
  if (probabilities === 'none' && stage === 'normalisation') return normalised
  if (probabilities) return BY_EFFECT[probabilities]
  const hasKernel = Object.values(weights).some(({ use }) => use === 'kernel')
  if (!hasKernel) return undefined
  return gates ? gated : weighted
}
