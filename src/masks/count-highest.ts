import { firstNonFinite } from '../internal/weight-values.js'
import { countOnes } from './count-ones.js'
import { findThreshold } from './find-threshold.js'
import { likelyBand } from './likely-band.js'
import { isAligned, splitAboveZero } from './split-above-zero.js'
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
  const total = groups.reduce((sum, { mask }) => sum + countOnes(mask), 0)
  const splitBy = (band: Band) => groups.map((group, i) => split(group, band, kept[i]))
  let splits = splitBy(likelyBand(groups, { count, total }))
  for (const [i, { scores, mask }] of groups.entries()) {
    if (splits[i]!.isFinite) continue
    const index = firstNonFinite(scores, mask)
    if (index >= 0) throw refuse('finite scores', `${scores[index]} at index ${index}`)
  }
  if (splits.some(({ seen }) => seen > 1)) throw refuse('mask values of 0 and 1', 'others')
  if (!(Number.isInteger(count) && count >= 0 && count <= total))
    throw refuse(`a count from 0 to ${total}`, `${count}`)
  const above = splits.reduce((sum, split) => sum + split.above, 0)
  const inside = splits.reduce((sum, split) => sum + split.inside.length, 0)
  if (count >= above && count <= above + inside) return takeHighest(splits, count - above, kept)
  splits = splitBy(EVERY_KEY)
  return takeHighest(splits, count, kept)
}

/** Splits candidates in the fastest way that the band and the places of the masks allow. */
function split(group: Candidates, band: Band, kept: Uint8Array | undefined): Split {
  const isInWords = kept && isAligned(kept) && isAligned(group.mask)
  return isInWords && band.lowest > 0
    ? splitAboveZero(group, band, kept)
    : splitCandidates(group, band, kept)
}

/** Adds the `count` highest of those in the band. */
function takeHighest(splits: readonly Split[], count: number, kept: readonly Uint8Array[]) {
  const { threshold, ties } = findThreshold(splits, count)
  let left = ties
  return splits.map(({ above, inside, keys }, group) => {
    const own = kept[group]
    let next = above
    for (let place = 0; place < inside.length; place++) {
      const key = keys[place]!
      if (key < threshold || (key === threshold && left-- <= 0)) continue
      next++
      if (own) own[inside[place]!] = 1
    }
    return next
  })
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot keep the highest scores: expected ${wanted}, got ${got}`)
}
