/** A seeded stream of pseudo-random numbers: the same on every machine and backend. */
export interface RandomStream {
  /** Uniform in [0, 1) with 32 bits. */
  readonly uniform: () => number
  /** Uniform whole number in [0, bound). */
  readonly below: (bound: number) => number
}

/** FNV-1a over the parts' text: turns any number of labels into 32 bits. */
export function hashSeed(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const character of parts.join('\u0000')) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  }
  return hash >>> 0
}

/** Xoshiro128** (Blackman, Vigna 2018), its state filled by SplitMix32. */
export function randomStream(seed: number): RandomStream {
  let state = seed >>> 0
  const splitMix = () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix()]
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by))
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
  const uniform = () => next() / 0x1_0000_0000
  return { uniform, below: (bound) => Math.floor(uniform() * bound) }
}

/** Shuffles in place (Fisher-Yates) and returns its argument. */
export function shuffle<T extends Int32Array>(indices: T, random: RandomStream): T {
  for (let i = indices.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = indices[i]!
    indices[i] = indices[j]!
    indices[j] = kept
  }
  return indices
}
