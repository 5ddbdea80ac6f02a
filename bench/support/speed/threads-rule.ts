/** Cores that other processes may keep busy while a peer with several threads is measured. */
export const MOST_OTHERS = 0.1

/**
 * How many times the wall time of a peer with several threads is ours: undefined where other
 * processes took more of the machine than {@link MOST_OTHERS}. A peer that waits for a core looks
 * slower than it is.
 */
export function ratioToThreads({
  peer,
  ours,
  others,
}: {
  readonly peer: number
  readonly ours: number
  readonly others: number
}): number | undefined {
  return others > MOST_OTHERS ? undefined : peer / ours
}
