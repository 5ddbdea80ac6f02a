/**
 * N (H(p) + p b) / 8: bytes that no code goes below on average for N places that are filled
 * independently with probability p = kept / N, and b bits that cannot be guessed in each filled
 * one. H(p) = -p log2 p - (1 - p) log2 (1 - p).
 */
export function entropyBound({
  size,
  kept,
  bits,
}: {
  size: number
  kept: number
  bits: number
}): number {
  if (kept === 0) return 0
  const p = kept / size
  const entropy = kept === size ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)
  return (size * (entropy + p * bits)) / 8
}
