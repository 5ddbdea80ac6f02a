interface Aim {
  /** Samples that the rule is chosen on. */
  readonly tuning: number
  /** Samples that it is tested on. */
  readonly calibration: number
  /** Most calibration samples with the event at which the test passes. */
  readonly allowed: number
  /** Chance with which the test is to pass, in (0, 1). */
  readonly passProbability: number
}

/**
 * How many tuning samples a rule may miss so that its test on calibration samples passes with a
 * given chance; 0 where not even a rule that misses none has it.
 *
 * A threshold at the (e + 1)-th smallest of m scores has P(x of n new samples below) of the
 * negative hypergeometric distribution, whatever the scores are.
 */
export function aimedMisses({ tuning, calibration, allowed, passProbability }: Aim): number {
  let [known, above] = [0, Math.max(tuning, 1)]
  while (above - known > 1) {
    const misses = Math.floor((known + above) / 2)
    if (chanceOfAtMost(allowed, { misses, tuning, calibration }) >= passProbability) known = misses
    else above = misses
  }
  return known
}

/** P(at most `allowed` of n new samples lie below the (misses + 1)-th smallest of m scores). */
export function chanceOfAtMost(
  allowed: number,
  { misses, tuning, calibration }: { misses: number; tuning: number; calibration: number },
): number {
  // Terms by their ratios, scaled so that the largest sum stays finite.
  let [term, below, sum] = [1, 0, 0]
  for (let x = 0; x <= calibration; x++) {
    sum += term
    if (x <= allowed) below += term
    const others = calibration - x - 1 + tuning - misses
    term *= ((x + 1 + misses) / (x + 1)) * ((calibration - x) / Math.max(others, 1))
    if (sum < 1e200) continue
    term *= 1e-200
    below *= 1e-200
    sum *= 1e-200
  }
  return below / sum
}
