import { allOf, falseNegativesAtMost, falsePositiveRateAtMost } from 'tfjs-prune'

/** How far the rate of false alarms may rise above that of the dense network. */
export const FALSE_ALARM_SLACK = 0.05

/**
 * The rule that keeps a level: the budget of misses, and a bound on false alarms beside it. A
 * network that calls everything positive would miss nothing.
 */
export const ruleOf = (budget: number) =>
  allOf(falseNegativesAtMost(budget), falsePositiveRateAtMost({ slack: FALSE_ALARM_SLACK }))
