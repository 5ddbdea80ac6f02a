/**
 * The ranks of the absolute differences, doubled so that mid-ranks are whole, and their sums by
 * sign.
 */
export interface SignedRanks {
  /** In ascending order. */
  readonly doubled: Int32Array
  readonly positive: number
  readonly negative: number
}

/** Ranks differences by size, ties sharing their mean rank. No difference is 0. */
export function signedRanks(differences: Float64Array): SignedRanks {
  const ordered = differences.slice().sort((a, b) => Math.abs(a) - Math.abs(b))
  const doubled = new Int32Array(ordered.length)
  let [positive, negative] = [0, 0]
  for (let start = 0; start < ordered.length; ) {
    let end = start
    while (end < ordered.length && Math.abs(ordered[end]!) === Math.abs(ordered[start]!)) end++
    const rank = start + 1 + end // ranks start + 1 ... end
    for (let i = start; i < end; i++) {
      doubled[i] = rank
      if (ordered[i]! > 0) positive += rank
      else negative += rank
    }
    start = end
  }
  return { doubled, positive, negative }
}
