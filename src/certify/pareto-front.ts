/** A file that may be tested: its size, and the estimated chance that it passes. */
export interface FrontCandidate {
  readonly bytes: number
  /** In [0, 1]. */
  readonly chance: number
}

/**
 * The candidates that no other one beats, neither in bytes nor in chance, from the likeliest to the
 * smallest. Of equal ones the first stays.
 */
export function paretoFront<T extends FrontCandidate>(candidates: readonly T[]): readonly T[] {
  const bySize = [...candidates].sort((a, b) => a.bytes - b.bytes || b.chance - a.chance)
  const front: T[] = []
  for (const candidate of bySize) {
    const best = front[0]
    if (best === undefined || candidate.chance > best.chance) front.unshift(candidate)
  }
  return front
}
