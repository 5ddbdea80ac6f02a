/** probability <= level, where both come from rounded logarithms. */
export function isAtMost(probability: number, level: number): boolean {
  return probability <= level * (1 + 1e-12)
}
