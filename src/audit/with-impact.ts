import { holm } from '../metrics/holm.js'
import type { Harm, Impact } from './audit.js'
import type { AuditedNetwork } from './audited-network.js'
import type { Audited } from './harm-of.js'
import { momentsOf } from './mean-test.js'
import { welchTest } from './welch-test.js'

/**
 * Parts with the tests of their impact, corrected over all of them; unchanged for one network a
 * side. Parts without samples are not tested.
 *
 * @see Hooker, Courville, Clark, Dauphin, Frome: What do compressed deep neural networks forget?
 *   arXiv 1911.05248, 2019: the recall of a class less the accuracy, by Welch's t-test.
 */
export function withImpact<H extends Harm>(
  parts: readonly H[],
  places: readonly Uint32Array[],
  { dense, pruned, confidence }: Audited,
): H[] {
  if (dense.length < 2) return [...parts]
  const all = Uint32Array.from({ length: dense[0]!.labels.length }, (_, i) => i)
  const shiftedOf = (networks: readonly AuditedNetwork[], part: Uint32Array) =>
    networks.map((network) => shiftOf(network, part, all))
  const tests = places.map((part) => {
    if (part.length === 0) return null
    const [before, after] = [shiftedOf(dense, part), shiftedOf(pruned, part)]
    const difference = momentsOf(after).mean - momentsOf(before).mean
    return { difference, ...welchTest(before, after) }
  })
  const tested = tests.flatMap((test, i) => (typeof test?.pValue === 'number' ? [i] : []))
  const adjusted = holm(tested.map((i) => tests[i]!.pValue!))
  return parts.map((part, i): H => {
    const test = tests[i]
    if (!test) return part
    const adjustedPValue = adjusted[tested.indexOf(i)] ?? null
    const isBeyondChance = adjustedPValue !== null && adjustedPValue <= 1 - confidence
    const impact: Impact = { ...test, adjustedPValue, isBeyondChance }
    return { ...part, impact }
  })
}

/**
 * Recall of a part less the accuracy. By one division of whole numbers: networks of the same shift
 * get the same number, where the rounding of two shares would pass for a variance.
 */
function shiftOf(network: AuditedNetwork, part: Uint32Array, all: Uint32Array): number {
  const [own, whole] = [rightOf(network, part), rightOf(network, all)]
  return (own * all.length - whole * part.length) / (part.length * all.length)
}

/** Number of samples of a part that a network recognises. */
function rightOf({ labels, predictions }: AuditedNetwork, places: Uint32Array): number {
  let right = 0
  for (const i of places) if (predictions[i] === labels[i]) right++
  return right
}
