/** A distribution of scores, made smooth. */
export interface SmoothedScores {
  /** Share of the scores below a threshold. */
  readonly below: (threshold: number) => number
  /** Standard deviation of the kernel; 0 where all scores are equal. */
  readonly width: number
}

/**
 * Spreads each score by a logistic kernel of Silverman's width, .9 min(s, IQR / 1.34) n^(-1/5). The
 * logistic distribution is near the normal one, and takes one exponential.
 *
 * @param scores Finite, in ascending order; at least one.
 */
export function smoothedScores(scores: Float64Array): SmoothedScores {
  const width = widthOf(scores)
  const scale = (width * Math.sqrt(3)) / Math.PI
  const below = (threshold: number) => {
    let sum = 0
    for (let i = 0; i < scores.length; i++) sum += shareBelow(threshold - scores[i]!, scale)
    return sum / scores.length
  }
  return { below, width }
}

/** Share of one kernel below the threshold. Without a width, a score at the threshold is above. */
function shareBelow(distance: number, scale: number): number {
  return scale > 0 ? 1 / (1 + Math.exp(-distance / scale)) : Number(distance > 0)
}

function widthOf(scores: Float64Array): number {
  const n = scores.length
  const mean = scores.reduce((sum, score) => sum + score / n, 0)
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2 / n, 0)
  const [lower, upper] = [0.25, 0.75].map((share) => scores[Math.round(share * (n - 1))]!)
  const robust = (upper! - lower!) / 1.34
  const spread = Math.min(Math.sqrt(variance), robust || Number.POSITIVE_INFINITY)
  return 0.9 * spread * n ** -0.2
}
