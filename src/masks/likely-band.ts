import { bitsOf, orderKey } from './order-key.js'
import { type Band, type Candidates, EVERY_KEY } from './split-candidates.js'

const SAMPLE = 8192

/** Standard deviations of the place in the sample, on each side. */
const MARGIN = 4

interface Wanted {
  readonly count: number
  /** Number of all candidates. */
  readonly total: number
}

/**
 * A narrow band in which the count-th highest of all candidates lies, as a sample says: most
 * likely, not surely.
 *
 * The steps of the sample vary, so that it does not follow the rows of a kernel; they are the same
 * in every call.
 */
export function likelyBand(groups: readonly Candidates[], { count, total }: Wanted): Band {
  if (total <= 4 * SAMPLE) return EVERY_KEY
  const size = groups.reduce((sum, { mask }) => sum + mask.length, 0)
  // Where few are left, to find as many of them would take as long as to look at all.
  const widest = Math.floor(Math.max(total, size / 8) / SAMPLE) * 2 - 1
  const sample: number[] = []
  let random = 1
  let at = 0
  for (const { scores, mask } of groups) {
    const bits = bitsOf(scores)
    for (; at < bits.length; at += 1 + ((random >>> 8) % widest)) {
      if (mask[at] === 1) sample.push(orderKey(bits[at]!) >> 16)
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0
    }
    at -= bits.length
  }
  const halves = Int32Array.from(sample).sort()
  const share = count / total
  const place = halves.length * (1 - share)
  const margin = MARGIN * Math.sqrt(place * share) + 8
  return {
    lowest: halves[Math.floor(place - margin)] ?? EVERY_KEY.lowest,
    highest: halves[Math.ceil(place + margin)] ?? EVERY_KEY.highest,
  }
}
