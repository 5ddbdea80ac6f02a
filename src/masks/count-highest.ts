import { firstNonFinite } from '../internal/weight-values.js'
import { countOnes } from './count-ones.js'
import { findThreshold } from './find-threshold.js'
import { likelyBand } from './likely-band.js'
import { orderKey } from './order-key.js'
import {
  type Band,
  type Candidates,
  EVERY_KEY,
  type Split,
  splitCandidates,
} from './split-candidates.js'

/**
 * How many of the `count` highest of all candidates lie in each group, equal ones in the order of
 * the groups; marks them in `kept`, one array of zeros a group. Throws unless scores are finite,
 * mask values 0 or 1, and there are as many candidates.
 *
 * Most of the time in one pass: a sample says where the count-th highest lies, the pass counts those
 * above and lists those that are there, and histograms of the listed keys decide.
 */
export function countHighest(
  groups: readonly Candidates[],
  count: number,
  kept: readonly Uint8Array[] = [],
): number[] {
  let total = 0
  for (const { scores, mask } of groups) {
    total += countOnes(mask)
    const index = firstNonFinite(scores, mask)
    if (index >= 0) throw refuse('finite scores', `${scores[index]} at index ${index}`)
  }
  const splitBy = (band: Band) => groups.map((group, i) => splitCandidates(group, band, kept[i]))
  let splits = splitBy(likelyBand(groups, { count, total }))
  if (splits.some(({ seen }) => seen > 1)) throw refuse('mask values of 0 and 1', 'others')
  if (!(Number.isInteger(count) && count >= 0 && count <= total))
    throw refuse(`a count from 0 to ${total}`, `${count}`)
  const above = splits.reduce((sum, split) => sum + split.above, 0)
  const inside = splits.reduce((sum, split) => sum + split.inside.length, 0)
  if (count >= above && count <= above + inside) return takeHighest(splits, count - above, kept)
  splits = splitBy(EVERY_KEY)
  return takeHighest(splits, count, kept)
}

/** Adds the `count` highest of those in the band. */
function takeHighest(splits: readonly Split[], count: number, kept: readonly Uint8Array[]) {
  const { threshold, ties } = findThreshold(splits, count)
  let left = ties
  return splits.map(({ above, bits, inside }, group) => {
    let own = above
    for (const i of inside) {
      const key = orderKey(bits[i]!)
      if (key < threshold || (key === threshold && left-- <= 0)) continue
      own++
      if (kept[group]) kept[group][i] = 1
    }
    return own
  })
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot keep the highest scores: expected ${wanted}, got ${got}`)
}
