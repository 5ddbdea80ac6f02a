/** A stream of numbers in [0, 1), the same for the same seed. */
export function randomStream(seed: number): () => number {
  let state = (seed + 0x9e3779b9) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}
