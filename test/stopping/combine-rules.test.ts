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
const patient = falseNegativesAtMost(3, { stopAfter: Infinity })
const rules = [
  falseNegativesAtMost(3),
  falseNegativesAtMost(5, { stopAfter: 2 }),
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

test('anyOf says why it stops: the reasons of the rules that do', () => {
  const rounds = ledger([{ falseNegatives: 1 }, { falseNegatives: 4 }])
  expect(anyOf(falseNegativesAtMost(3), densityReached(0.1))(rounds).reason).toBe(
    '4 false negatives against at most 3 in round 1',
  )
  expect(anyOf(falseNegativesAtMost(3), densityReached(0.5))(rounds).reason).toBe(
    '4 false negatives against at most 3 in round 1; density 0.500 against the wanted 0.5',
  )
  expect(anyOf(falseNegativesAtMost(5), densityReached(0.1))(rounds).reason).toBe(
    '4 false negatives against at most 5 in round 1; density 0.500 against the wanted 0.1',
  )
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
    '9 false negatives against at most 3 in round 1; the area',
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
