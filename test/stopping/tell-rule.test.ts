import {
  allOf,
  anyOf,
  aucNotBelow,
  densityReached,
  falseNegativeRateAtMost,
  falseNegativeRateBound,
  falseNegativesAtMost,
  falseNegativesBound,
  falsePositiveRateAtMost,
  metricAtLeast,
  metricAtMost,
  missesNotAbove,
  never,
  newMissesAtMost,
  newMissRateBound,
  onSet,
  patience,
} from 'tfjs-prune'
import { expect, test } from 'vitest'

const lossOf = ({ evaluation }: { evaluation: { loss: number } }) => evaluation.loss

test.each<[{ readonly name: string }, string]>([
  [never(), 'never()'],
  [densityReached(0.05), 'densityReached(0.05)'],
  [
    patience({ metric: lossOf, direction: 'minimise' }),
    "patience({ metric: lossOf, direction: 'minimise' })",
  ],
  [aucNotBelow({ slack: 0.02 }), 'aucNotBelow({ slack: 0.02 })'],
  [falseNegativeRateAtMost(0.1), 'falseNegativeRateAtMost(0.1)'],
  [falseNegativeRateAtMost({ slack: 0.1 }), 'falseNegativeRateAtMost({ slack: 0.1 })'],
  [falsePositiveRateAtMost(0.1), 'falsePositiveRateAtMost(0.1)'],
  [falseNegativesAtMost(3), 'falseNegativesAtMost(3)'],
  [falseNegativesAtMost(3, { stopEarly: 2 }), 'falseNegativesAtMost(3, { stopEarly: 2 })'],
  [falseNegativesBound(3), 'falseNegativesBound(3)'],
  [
    falseNegativeRateBound(0.1, { confidence: 0.9 }),
    'falseNegativeRateBound(0.1, { confidence: 0.9 })',
  ],
  [newMissesAtMost(1), 'newMissesAtMost(1)'],
  [newMissRateBound(0.1), 'newMissRateBound(0.1)'],
  [missesNotAbove(), 'missesNotAbove()'],
  [missesNotAbove({ of: 'dense' }), "missesNotAbove({ of: 'dense' })"],
  [metricAtMost(lossOf, { factor: 1.1 }), 'metricAtMost(lossOf, { factor: 1.1 })'],
  [metricAtLeast(({ density }) => density, 1), 'metricAtLeast(a function, 1)'],
  [onSet('test', falseNegativesAtMost(3)), "onSet('test', falseNegativesAtMost(3))"],
  [anyOf(never(), densityReached(0.1)), 'anyOf(never(), densityReached(0.1))'],
  [allOf(falseNegativesAtMost(3)), 'allOf(falseNegativesAtMost(3))'],
])('tellRule names the rule as it is written: %o', (rule, words) => {
  expect(rule.name).toBe(words)
})
