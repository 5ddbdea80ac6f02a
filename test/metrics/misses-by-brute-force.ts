/**
 * The share of the positives that is missed where the ROC curve, one point per threshold and
 * straight between them, passes a false-positive rate: at its upper end where it rises straight up.
 */
export function missedByBruteForce(
  labels: readonly number[],
  scores: readonly number[],
  falsePositiveRate: number,
): number {
  const share = (label: number, threshold: number) => {
    const side = scores.filter((_, i) => labels[i] === label)
    return side.filter((score) => score >= threshold).length / side.length
  }
  const thresholds = [Number.POSITIVE_INFINITY, ...new Set([...scores].sort((a, b) => b - a))]
  const points = thresholds.map((threshold) => ({
    falsePositives: share(0, threshold),
    found: share(1, threshold),
  }))
  // 0.29 of 100 negatives are 29, whatever 0.29 * 100 rounds to.
  const last = points.findLastIndex((point) => point.falsePositives <= falsePositiveRate + 1e-12)
  const [from, to] = [points[last], points[last + 1]]
  if (!from) return Number.NaN
  if (!to) return 1 - from.found
  const way = (falsePositiveRate - from.falsePositives) / (to.falsePositives - from.falsePositives)
  return 1 - from.found - Math.max(0, way) * (to.found - from.found)
}
