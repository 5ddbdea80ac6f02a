import { isAtMost } from './is-at-most.js'

/**
 * min { n : (1 - rate)^n <= error }: samples without an event that prove its rate to be at most
 * `rate`.
 */
export function samplesToProve(rate: number, error: number): number {
  const proves = (samples: number) => isAtMost(Math.exp(samples * Math.log1p(-rate)), error)
  const samples = Math.max(Math.ceil(Math.log(error) / Math.log1p(-rate)), 1)
  return samples > 1 && proves(samples - 1) ? samples - 1 : samples
}

/**
 * 1 - error^(1 / n): the smallest rate that n samples without an event prove; 1 without samples.
 */
export function smallestProvableRate(samples: number, error: number): number {
  return -Math.expm1(Math.log(error) / samples)
}
