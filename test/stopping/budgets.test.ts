import { expect, test } from 'vitest'
import { allOf } from '../../src/stopping/combine-rules.js'
import { densityReached } from '../../src/stopping/density-reached.js'
import { falseNegativeRateAtMost } from '../../src/stopping/false-negative-rate-at-most.js'
import { falseNegativesAtMost } from '../../src/stopping/false-negatives-at-most.js'
import { falsePositiveRateAtMost } from '../../src/stopping/false-positive-rate-at-most.js'
import { never } from '../../src/stopping/never.js'
import type { StoppingDecision, StoppingRule } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { ledger } from '../support/round-reports.js'

/** Rounds at half the density each, of 10 positives, with so many misses. */
const missing = (...misses: number[]) =>
  ledger(misses.map((falseNegatives) => ({ falseNegatives })))

const within = (words: string, count: number) =>
  `${words}, the sparsest of ${count} within the budget`
const none = (words: string, count: number) =>
  `none of ${count} rounds is within the budget, the nearest: ${words}`
const fewer = (misses: number, limit: number, round: number) =>
  `${misses} ${misses === 1 ? 'false negative' : 'false negatives'} against at most ${limit} in round ${round}`
const rates = (rate: string, limit: string, round: number) =>
  `${rate} false-negative rate against at most ${limit} in round ${round}`

test.each<[string, StoppingRule, number[], StoppingDecision]>([
  [
    'keeps the sparsest round in the budget and goes on while it is met',
    falseNegativesAtMost(3, { stopEarly: 1 }),
    [1, 2, 3],
    {
      stop: false,
      reason: within(fewer(3, 3, 2), 3),
      latest: fewer(3, 3, 2),
      keep: 2,
      feasible: [0, 1, 2],
    },
  ],
  [
    'goes through the whole schedule by default',
    falseNegativesAtMost(3),
    [9, 9, 9, 3, 9],
    {
      stop: false,
      reason: within(fewer(3, 3, 3), 1),
      latest: `${fewer(9, 3, 4)}, over the budget`,
      keep: 3,
      feasible: [3],
    },
  ],
  [
    'stops at the first round over the budget when told so',
    falseNegativesAtMost(3, { stopEarly: 1 }),
    [1, 4],
    {
      stop: true,
      reason: within(fewer(1, 3, 0), 1),
      latest: `${fewer(4, 3, 1)}, over the budget`,
      keep: 0,
      feasible: [0],
    },
  ],
  [
    'goes on for as many rounds in a row as told',
    falseNegativesAtMost(3, { stopEarly: 2 }),
    [1, 4, 3, 5],
    {
      stop: false,
      reason: within(fewer(3, 3, 2), 2),
      latest: `${fewer(5, 3, 3)}, over the budget`,
      keep: 2,
      feasible: [0, 2],
    },
  ],
  [
    'stops after that many rounds in a row',
    falseNegativesAtMost(3, { stopEarly: 2 }),
    [1, 4, 3, 5, 4],
    {
      stop: true,
      reason: within(fewer(3, 3, 2), 2),
      latest: `${fewer(4, 3, 4)}, over the budget for 2 rounds in a row`,
      keep: 2,
      feasible: [0, 2],
    },
  ],
  [
    'goes on for all rounds if told Infinity',
    falseNegativesAtMost(3, { stopEarly: Number.POSITIVE_INFINITY }),
    [4, 5, 6],
    {
      stop: false,
      reason: none(fewer(4, 3, 0), 3),
      latest: `${fewer(6, 3, 2)}, over the budget for 3 rounds in a row`,
      keep: undefined,
      feasible: [],
    },
  ],
  [
    'says that no round meets the budget, and which one is nearest',
    falseNegativesAtMost(0, { stopEarly: 3 }),
    [3, 1, 2],
    {
      stop: true,
      reason: none(fewer(1, 0, 1), 3),
      latest: `${fewer(2, 0, 2)}, over the budget for 3 rounds in a row`,
      keep: undefined,
      feasible: [],
    },
  ],
  [
    'bounds the rate as well',
    falseNegativeRateAtMost(0.25, { stopEarly: 1 }),
    [2, 3],
    {
      stop: true,
      reason: within(rates('0.200', '0.250', 0), 1),
      latest: `${rates('0.300', '0.250', 1)}, over the budget`,
      keep: 0,
      feasible: [0],
    },
  ],
  [
    'bounds the rate relative to the dense network, which meets it by default',
    falseNegativeRateAtMost({}, { stopEarly: 1 }),
    [2, 2, 3],
    {
      stop: true,
      reason: within(rates('0.200', '0.200', 1), 2),
      latest: `${rates('0.300', '0.200', 2)}, over the budget`,
      keep: 1,
      feasible: [0, 1],
    },
  ],
  [
    'takes a factor and a slack on the rate of the dense network',
    falseNegativeRateAtMost({ factor: 1.5, slack: 0.1 }, { stopEarly: 1 }),
    [2, 4, 5],
    {
      stop: true,
      reason: within(rates('0.400', '0.400', 1), 2),
      latest: `${rates('0.500', '0.400', 2)}, over the budget`,
      keep: 1,
      feasible: [0, 1],
    },
  ],
  [
    'may ask for fewer misses than the dense network',
    falseNegativeRateAtMost({ factor: 0.5 }, { stopEarly: 3 }),
    [4, 3, 2],
    {
      stop: false,
      reason: within(rates('0.200', '0.200', 2), 1),
      latest: rates('0.200', '0.200', 2),
      keep: 2,
      feasible: [2],
    },
  ],
  [
    'stops at a density and keeps that round',
    densityReached(0.25),
    [0, 9, 9],
    { stop: true, reason: 'density 0.250 against the wanted 0.25', keep: 2 },
  ],
  [
    'goes on until the density is reached',
    densityReached(0.25),
    [0, 9],
    { stop: false, reason: 'density 0.500 against the wanted 0.25', keep: 1 },
  ],
  [
    'never stops and keeps the last round',
    never(),
    [9, 9],
    {
      stop: false,
      reason: 'round 1 is the last',
      latest: 'goes on to the end of the schedule',
      keep: 1,
    },
  ],
])('a stopping rule %s', (_, rule, misses, decision) => {
  expect(rule(missing(...misses))).toEqual(decision)
})

test('falseNegativesAtMost keeps the later of two rounds of the same density', () => {
  const rounds = ledger([
    { density: 1 },
    { density: 0.5 },
    { density: 0.5 },
    { density: 0.4, falseNegatives: 9 },
  ])
  expect(falseNegativesAtMost(3)(rounds).keep).toBe(2)
})

test('falseNegativesAtMost counts misses, not their rate', () => {
  const rounds = ledger([{ falseNegatives: 3, truePositives: 0 }])
  expect(falseNegativesAtMost(3)(rounds).keep).toBe(0)
  expect(falseNegativeRateAtMost(0.9)(rounds).keep).toBeUndefined()
})

test.each([
  falseNegativeRateAtMost(1, { stopEarly: 2 }),
  falseNegativeRateAtMost({ factor: 10 }, { stopEarly: 2 }),
])('falseNegativeRateAtMost is met by no round without positives %#', (rule) => {
  const rounds = ledger([{ truePositives: 0 }, { truePositives: 0 }])
  const { stop, keep, feasible, reason } = rule(rounds)
  expect({ stop, keep, feasible }).toEqual({ stop: true, keep: undefined, feasible: [] })
  expect(reason).toMatch(
    /^none of 2 rounds .+: NaN false-negative rate against at most (1|NaN) in round 0$/,
  )
})

const rate = 'Cannot bound the false-negative rate: expected '

test.each<[() => StoppingRule, string]>([
  [
    () => falseNegativesAtMost(-1),
    'RangeError: Cannot bound the false negatives: expected a count of at least 0, got -1',
  ],
  [
    () => falseNegativesAtMost(Number.NaN),
    'RangeError: Cannot bound the false negatives: expected a count of at least 0, got NaN',
  ],
  [
    () => falseNegativesAtMost(1, { stopEarly: 0 }),
    'RangeError: Cannot bound the false negatives: expected stopEarly to be a whole number of at least 1, got 0',
  ],
  [
    () => falseNegativeRateAtMost(0.1, { stopEarly: 1.5 }),
    `RangeError: ${rate}stopEarly to be a whole number of at least 1, got 1.5`,
  ],
  [
    () => falseNegativeRateAtMost(0.1, { stopEarly: '2' as never }),
    `TypeError: ${rate}stopEarly to be a whole number of at least 1, got "2"`,
  ],
  [
    () => falseNegativesAtMost(1, { stopAfter: 1 } as never),
    'TypeError: Cannot bound the false negatives: expected options among stopEarly, got stopAfter',
  ],
  [() => falseNegativeRateAtMost(1.1), `RangeError: ${rate}rate to be in [0, 1], got 1.1`],
  [() => falseNegativeRateAtMost(Number.NaN), `RangeError: ${rate}rate to be in [0, 1], got NaN`],
  [
    () => falseNegativeRateAtMost({ factor: -1 }),
    `RangeError: ${rate}factor to be at least 0, got -1`,
  ],
  [() => falseNegativeRateAtMost({ slack: 2 }), `RangeError: ${rate}slack to be in [-1, 1], got 2`],
  [
    () => falseNegativeRateAtMost('0.1' as never),
    `TypeError: ${rate}an object of options, got "0.1"`,
  ],
  [
    () => falseNegativeRateAtMost(null as never),
    `TypeError: ${rate}an object of options, got null`,
  ],
  [() => densityReached(0), 'RangeError: Cannot stop at a density: expected one in (0, 1], got 0'],
  [
    () => densityReached(1.5),
    'RangeError: Cannot stop at a density: expected one in (0, 1], got 1.5',
  ],
  [
    () => densityReached(Number.NaN),
    'RangeError: Cannot stop at a density: expected one in (0, 1], got NaN',
  ],
])('a stopping rule is refused with a message that names the number %#', (make, message) => {
  expect(refusalOf(make)).toBe(message)
})

test('falsePositiveRateAtMost turns a network down that misses nothing because it calls everything positive', () => {
  const rounds = ledger([
    { falseNegatives: 2, falsePositives: 1 },
    { falseNegatives: 1, falsePositives: 2 },
    { falseNegatives: 0, falsePositives: 10 },
  ])
  expect(falseNegativesAtMost(2)(rounds).keep).toBe(2)
  const decision = falsePositiveRateAtMost({ slack: 0.1 })(rounds)
  expect(decision).toMatchObject({ keep: 1, feasible: [0, 1] })
  expect(decision.latest).toBe(
    '1 false-positive rate against at most 0.200 in round 2, over the budget',
  )
  expect(falsePositiveRateAtMost(0.1, { stopEarly: 2 })(rounds)).toMatchObject({
    stop: true,
    keep: 0,
  })
  expect(allOf(falseNegativesAtMost(2), falsePositiveRateAtMost({ slack: 0.1 }))(rounds).keep).toBe(
    1,
  )
  expect(refusalOf(() => falsePositiveRateAtMost(2))).toBe(
    'RangeError: Cannot bound the false-positive rate: expected rate to be in [0, 1], got 2',
  )
})

test('a density of the schedule is reached where whole elements round it up', () => {
  const rule = densityReached(0.125)
  const weights = [9, 18].map((size) => ({ name: `${size}`, size, kept: 0, density: 0 }))
  const at = (kept: number) => [{ ...ledger([{ density: kept / 27 }])[0]!, kept, weights }]
  // 27 / 8 is 3.375: each of two weights may be half an element above.
  expect(rule(at(4)).stop).toBe(true)
  expect(rule(at(5)).stop).toBe(false)
})

test('a rate on its bound is within it, however the sum is rounded', () => {
  const rule = falseNegativeRateAtMost({ slack: 0.05 })
  const missed = (falseNegatives: number, positives: number) => ({
    ...{ falseNegatives, truePositives: positives - falseNegatives, falsePositives: 0 },
  })
  for (let positives = 20; positives <= 200; positives += 20) {
    const slack = positives / 20
    for (let misses = 0; misses + slack < positives; misses++) {
      const dense = missed(misses, positives)
      expect(rule(ledger([dense, missed(misses + slack, positives)])).keep).toBe(1)
      expect(rule(ledger([dense, missed(misses + slack + 1, positives)])).keep).toBe(0)
    }
  }
})
