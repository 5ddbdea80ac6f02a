import type { Interval } from '../types.js'
import { logInside, sumAbove, sumBelow } from './binomial.js'

/**
 * Bounds of the rate behind k of n: P(Bin(n, lower) >= k) = error and P(Bin(n, upper) <= k) =
 * error. Both are NaN for n = 0.
 */
export function exactInterval(k: number, n: number, error: number): Interval {
  if (n === 0) return { lower: Number.NaN, upper: Number.NaN }
  const all = Math.log(error) / n
  return {
    lower: k === 0 ? 0 : k === n ? Math.exp(all) : boundOf(k, n, { error, isLower: true }),
    upper: k === n ? 1 : k === 0 ? -Math.expm1(all) : boundOf(k, n, { error, isLower: false }),
  }
}

/**
 * Newton's method from the observed rate, in the log-odds of p. The logarithm of a binomial tail is
 * concave there, so that every step but the first comes nearer from one side.
 */
function boundOf(
  k: number,
  n: number,
  { error, isLower }: { error: number; isLower: boolean },
): number {
  let logit = Math.log(k / (n - k))
  for (let i = 0; i < 100; i++) {
    const p = 1 / (1 + Math.exp(-logit))
    const ratio = isLower ? sumAbove(k, n, p) : sumBelow(k, n, p)
    const excess = logInside(k, n, p) + Math.log(ratio) - Math.log(error)
    const slope = (isLower ? k * (1 - p) : (k - n) * p) / ratio
    const step = excess / slope
    logit = Math.min(logit - step, 36) // beyond that, p is 1
    if (Math.abs(step) < 1e-8) break // the error is about its square
  }
  return 1 / (1 + Math.exp(-logit))
}
