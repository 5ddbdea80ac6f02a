import { expect, test } from 'vitest'
import { allOf, anyOf } from '../../src/stopping/combine-rules.js'
import { densityReached } from '../../src/stopping/density-reached.js'
import { falseNegativeRateAtMost } from '../../src/stopping/false-negative-rate-at-most.js'
import { falseNegativesAtMost } from '../../src/stopping/false-negatives-at-most.js'
import { falsePositiveRateAtMost } from '../../src/stopping/false-positive-rate-at-most.js'
import { missesNotAbove } from '../../src/stopping/misses-not-above.js'
import { never } from '../../src/stopping/never.js'
import { patience } from '../../src/stopping/patience.js'
import { stoppingRuleLaws } from '../../src/testing/stopping-rule-laws.js'
import type { StoppingRule } from '../../src/types.js'
import { brokenLaws } from './laws.js'
import { stoppingRuleConformance } from './stopping-rule.js'

const auc = () =>
  patience({ metric: ({ evaluation }) => evaluation.auc, direction: 'maximise', rounds: 2 })
const misses = () =>
  patience({ metric: ({ evaluation }) => evaluation.falseNegativeRate, direction: 'minimise' })

stoppingRuleConformance('falseNegativesAtMost that stops early', () =>
  falseNegativesAtMost(3, { stopEarly: 1 }),
)
stoppingRuleConformance('falseNegativesAtMost that goes on', () => falseNegativesAtMost(3))
stoppingRuleConformance('falseNegativeRateAtMost', () =>
  falseNegativeRateAtMost(0.2, { stopEarly: 2 }),
)
stoppingRuleConformance('falseNegativeRateAtMost, relative', () =>
  falseNegativeRateAtMost({ factor: 1.1, slack: 0.1 }),
)
stoppingRuleConformance('falseNegativeRateAtMost that no round meets', () =>
  falseNegativeRateAtMost({ slack: -1 }),
)
stoppingRuleConformance('falsePositiveRateAtMost', () =>
  falsePositiveRateAtMost(0.2, { stopEarly: 2 }),
)
stoppingRuleConformance('falsePositiveRateAtMost, relative', () =>
  falsePositiveRateAtMost({ slack: 0.05 }),
)
stoppingRuleConformance('missesNotAbove', () => missesNotAbove({ margin: 0.1, stopEarly: 2 }))
stoppingRuleConformance('densityReached', () => densityReached(0.2))
stoppingRuleConformance('patience for a maximum', auc)
stoppingRuleConformance('patience for a minimum', misses)
stoppingRuleConformance('never', never)
stoppingRuleConformance('anyOf', () => anyOf(falseNegativesAtMost(3), densityReached(0.2), auc()))
stoppingRuleConformance('allOf', () =>
  allOf(falseNegativesAtMost(3), anyOf(densityReached(0.2), misses())),
)

// A user's own: the last of the first four rounds.
const fourRounds: StoppingRule = (rounds) => {
  const feasible = [...rounds.keys()].filter((round) => round < 4)
  return {
    stop: rounds.length >= 4,
    reason: `${rounds.length} of 4 rounds`,
    keep: feasible.at(-1),
    feasible,
  }
}
stoppingRuleConformance('a rule of a user', () => fourRounds)

let calls = 0
const idle: Record<string, StoppingRule> = {
  'says nothing': () => ({ stop: false, reason: '', keep: undefined }),
  'always keeps the dense network': () => ({ stop: true, reason: 'as ever', keep: 0 }),
  'keeps a round that it does not accept': (rounds) => {
    return { stop: false, reason: 'odd', keep: rounds.length ? 0 : undefined, feasible: [] }
  },
  'keeps a round to come': (rounds) => ({
    stop: false,
    reason: 'odd',
    keep: rounds.length || undefined,
  }),
  'counts its calls': (rounds) => {
    return {
      stop: rounds.length > 0 && calls++ % 2 === 0,
      reason: 'odd',
      keep: rounds.length ? 0 : undefined,
    }
  },
  'sorts the rounds': (rounds) => {
    ;(rounds as unknown[]).reverse()
    return { stop: false, reason: 'odd', keep: rounds.length ? 0 : undefined }
  },
}

test.each(Object.keys(idle))('stoppingRuleConformance turns down a rule that %s', async (kind) => {
  expect(await brokenLaws(stoppingRuleLaws, () => idle[kind]!)).not.toEqual([])
})
