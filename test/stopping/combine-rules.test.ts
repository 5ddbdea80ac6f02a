import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allOf, anyOf } from '../../src/stopping/combine-rules.js'
import { densityReached } from '../../src/stopping/density-reached.js'
import { falseNegativesAtMost } from '../../src/stopping/false-negatives-at-most.js'
import { never } from '../../src/stopping/never.js'
import { patience } from '../../src/stopping/patience.js'
import type { StoppingRule } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { ledger, ledgers } from '../support/round-reports.js'

const best = patience({
  metric: ({ evaluation }) => evaluation.auc,
  direction: 'maximise',
  rounds: 2,
})
const patient = falseNegativesAtMost(3)
const rules = [
  falseNegativesAtMost(3),
  falseNegativesAtMost(3, { stopEarly: 1 }),
  falseNegativesAtMost(5, { stopEarly: 2 }),
  densityReached(0.2),
  best,
  never(),
]
const someRules = fc.shuffledSubarray(rules, { minLength: 1 })

/** Rounds that a rule alone would let pass. */
const accepted = (rule: StoppingRule, rounds: Parameters<StoppingRule>[0]) => {
  const { feasible, keep } = rule(rounds)
  return feasible ?? (keep === undefined ? [] : [...rounds.keys()])
}

test('anyOf stops when one rule does, allOf when all do', () => {
  fc.assert(
    fc.property(ledgers, someRules, (rounds, some) => {
      const stops = some.map((rule) => rule(rounds).stop)
      expect(anyOf(...some)(rounds).stop).toBe(stops.includes(true))
      expect(allOf(...some)(rounds).stop).toBe(!stops.includes(false))
    }),
  )
})

test.each([
  ['anyOf', anyOf],
  ['allOf', allOf],
])('%s accepts the rounds that every rule accepts, and keeps one of them', (_, combine) => {
  fc.assert(
    fc.property(ledgers, someRules, (rounds, some) => {
      const { keep, feasible } = combine(...some)(rounds)
      expect(feasible).toEqual(
        [...rounds.keys()].filter((index) =>
          some.every((rule) => accepted(rule, rounds).includes(index)),
        ),
      )
      if (feasible!.length > 0) expect(feasible).toContain(keep)
      else expect(keep).toBeUndefined()
    }),
  )
})

test.each([
  ['anyOf', anyOf],
  ['allOf', allOf],
])('%s of one rule stops and keeps as that rule does', (_, combine) => {
  fc.assert(
    fc.property(ledgers, fc.constantFrom(...rules), (rounds, rule) => {
      const { stop, keep, reason } = rule(rounds)
      expect(combine(rule)(rounds)).toMatchObject({ stop, keep, reason })
    }),
  )
})

test('anyOf keeps the choice of the first rule that all others accept', () => {
  const rounds = ledger([
    { falseNegatives: 1, auc: 0.95 },
    { falseNegatives: 2, auc: 0.9 },
    { falseNegatives: 3, auc: 0.8 },
    { falseNegatives: 9, auc: 0.99 },
  ])
  expect(anyOf(best, patient)(rounds).keep).toBe(2)
  expect(anyOf(best, patient)(rounds.slice(0, 3)).keep).toBe(0)
  expect(anyOf(patient, best)(rounds.slice(0, 3)).keep).toBe(2)
})

const strict = falseNegativesAtMost(3, { stopEarly: 1 })

test('anyOf says why it stops or goes on: the words of the rules that do', () => {
  const rounds = ledger([{ falseNegatives: 1 }, { falseNegatives: 4 }])
  expect(anyOf(strict, densityReached(0.1))(rounds).latest).toBe(
    '4 false negatives against at most 3 in round 1, over the budget',
  )
  expect(anyOf(strict, densityReached(0.5))(rounds).latest).toBe(
    '4 false negatives against at most 3 in round 1, over the budget; density 0.500 against the wanted 0.5',
  )
  expect(anyOf(falseNegativesAtMost(5), densityReached(0.1))(rounds).latest).toBe(
    '4 false negatives against at most 5 in round 1; density 0.500 against the wanted 0.1',
  )
})

test('anyOf says why it keeps a round: the words of the rules that chose it', () => {
  const rounds = ledger([{ falseNegatives: 1 }, { falseNegatives: 2 }, { falseNegatives: 4 }])
  const kept = '2 false negatives against at most 3 in round 1, the sparsest of 2 within the budget'
  expect(anyOf(patient, never())(rounds).reason).toBe(`${kept}, which all rules accept`)
  expect(anyOf(patient, never())(rounds.slice(0, 2)).reason).toBe(`${kept}; round 1 is the last`)
  expect(anyOf(patient, patient)(rounds).reason).toBe(kept)
})

test('allOf says so when it keeps a round that no rule chose', () => {
  const choosing =
    (keep: number, feasible: readonly number[]): StoppingRule =>
    (all) => ({ stop: false, reason: 'as told', keep: all.length ? keep : undefined, feasible })
  const decision = allOf(choosing(0, [0, 1, 2]), choosing(3, [1, 2, 3]))(ledger([{}, {}, {}, {}]))
  expect(decision).toMatchObject({
    keep: 2,
    reason: 'round 2 is the sparsest of 2 that all rules accept',
  })
})

test('allOf tells the numbers of each budget in the round that it keeps', () => {
  const rounds = ledger([{ falseNegatives: 0 }, { falseNegatives: 2 }, { falseNegatives: 3 }])
  expect(allOf(patient, falseNegativesAtMost(2))(rounds)).toMatchObject({
    keep: 1,
    reason:
      '2 false negatives against at most 3 in round 1, the sparsest of 2 within the budget; ' +
      '2 false negatives against at most 2 in round 1, the sparsest of 2 within the budget',
  })
})

test('anyOf and allOf hold two budgets at once, and say when no round meets both', () => {
  const rounds = ledger([
    { falseNegatives: 1, auc: 0.5 },
    { falseNegatives: 9, auc: 0.9 },
  ])
  const area: StoppingRule = (all) => {
    const feasible = [...all.keys()].filter((index) => all[index]!.evaluation.auc >= 0.8)
    return { stop: false, reason: 'the area', keep: feasible.at(-1), feasible }
  }
  expect(allOf(patient, area)(rounds)).toMatchObject({ stop: false, keep: undefined, feasible: [] })
  expect(allOf(patient, area)(rounds).reason).toBe(
    '1 false negative against at most 3 in round 0, the sparsest of 1 within the budget; the area',
  )
})

test('anyOf and allOf can be nested', () => {
  const rounds = ledger([
    { falseNegatives: 1 },
    { falseNegatives: 2 },
    { falseNegatives: 2 },
    { falseNegatives: 8 },
  ])
  const rule = allOf(patient, anyOf(densityReached(0.125), falseNegativesAtMost(0)))
  expect(rule(rounds)).toMatchObject({ stop: false, keep: undefined })
  expect(allOf(never(), anyOf(patient, densityReached(0.125)))(rounds)).toMatchObject({
    stop: false,
    keep: 2,
  })
})

test.each([
  ['anyOf', anyOf],
  ['allOf', allOf],
])('%s refuses to combine nothing', (name, combine) => {
  expect(refusalOf(() => combine())).toBe(
    `RangeError: Cannot combine rules with ${name}: expected at least one, got none`,
  )
})

test('anyOf refuses a rule that was not called as soon as it is made', () => {
  expect(refusalOf(() => anyOf(never(), densityReached as unknown as StoppingRule))).toBe(
    'TypeError: Cannot combine rules with anyOf: expected rule 1 to be a stopping rule, got a factory: densityReached is a function that makes a stopping rule: call it, densityReached()',
  )
})
