import { binomialCdf } from '../../internal/binomial.js'
import { isAtMost } from '../../internal/is-at-most.js'
import { samplesToProve } from '../../internal/provable-rate.js'
import { errorOf } from '../risks.js'
import type { PromisedRate, RateTest } from './rate-certificate.js'

/** Tests rate > maximumRate by the exact binomial: passed means that it is refuted. */
export function testRate(
  events: number,
  { samples, maximumRate }: PromisedRate,
  confidence: number,
): RateTest {
  const pValue = binomialCdf(events, samples, maximumRate)
  const passed = isAtMost(pValue, errorOf(confidence))
  return { events, rate: events / samples, pValue, passed }
}

/** Throws unless there are enough samples for a rate without any event to pass. */
export function checkProvable(
  { of, samples, maximumRate }: PromisedRate,
  { confidence, task }: { readonly confidence: number; readonly task: string },
): void {
  const needed = samplesToProve(maximumRate, errorOf(confidence))
  if (samples >= needed) return
  const over = `a rate of ${maximumRate} and confidence ${confidence}`
  throw new RangeError(
    `Cannot ${task}: expected at least ${needed} calibration samples for the ${of}, ` +
      `${over}, got ${samples}`,
  )
}
