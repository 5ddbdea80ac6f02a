import { expect, test } from 'vitest'
import { type PatienceOptions, patience } from '../../src/stopping/patience.js'
import { refusalOf } from '../support/refusal-of.js'
import { ledger } from '../support/round-reports.js'

const metric: PatienceOptions['metric'] = ({ evaluation }) => evaluation.auc
const rounds = (...values: number[]) => ledger(values.map((auc) => ({ auc })))
const rising = (options: Partial<PatienceOptions> = {}) =>
  patience({ metric, direction: 'maximise', ...options })

test('patience keeps the best round and stops at the first without an improvement', () => {
  expect(rising()(rounds(0.7, 0.8))).toEqual({
    stop: false,
    reason: 'best value 0.8 in round 1',
    latest: '0 of 1 rounds without an improvement',
    keep: 1,
  })
  expect(rising()(rounds(0.7, 0.8, 0.75))).toEqual({
    stop: true,
    reason: 'best value 0.8 in round 1',
    latest: '1 of 1 rounds without an improvement',
    keep: 1,
  })
})

test('patience waits for as many rounds in a row as told', () => {
  const rule = rising({ rounds: 3 })
  expect(rule(rounds(0.9, 0.8, 0.8)).stop).toBe(false)
  expect(rule(rounds(0.9, 0.8, 0.8, 0.95))).toMatchObject({ stop: false, keep: 3 })
  expect(rule(rounds(0.9, 0.8, 0.8, 0.7))).toMatchObject({ stop: true, keep: 0 })
})

test('patience goes by its direction, never by the name of the metric', () => {
  const falling = patience({ metric, direction: 'minimise' })
  expect(falling(rounds(0.9, 0.8))).toEqual({
    stop: false,
    reason: 'best value 0.8 in round 1',
    latest: '0 of 1 rounds without an improvement',
    keep: 1,
  })
  expect(falling(rounds(0.8, 0.9))).toEqual({
    stop: true,
    reason: 'best value 0.8 in round 0',
    latest: '1 of 1 rounds without an improvement',
    keep: 0,
  })
})

test('patience does not take an equal value for an improvement', () => {
  expect(rising()(rounds(0.8, 0.8))).toMatchObject({ stop: true, keep: 0 })
})

test('patience asks for the least change that counts', () => {
  const rule = rising({ minimumChange: 0.25, rounds: 2 })
  expect(rule(rounds(0.5, 0.7))).toMatchObject({ stop: false, keep: 0 })
  expect(rule(rounds(0.5, 0.7, 0.8))).toMatchObject({ stop: false, keep: 2 })
  expect(rule(rounds(0.5, 0.7, 0.7))).toMatchObject({ stop: true, keep: 0 })
  expect(rule(rounds(0.01)).keep).toBe(0)
  // 0.6 - 0.35 is 0.25 but for a bit.
  expect(rule(rounds(0.35, 0.6))).toMatchObject({ stop: false, keep: 1 })
  const whole = patience({
    metric: ({ evaluation }) => evaluation.confusion.falseNegatives,
    direction: 'minimise',
    minimumChange: 1,
  })
  expect(whole(ledger([{ falseNegatives: 5 }, { falseNegatives: 4 }]))).toMatchObject({ keep: 1 })
})

test('patience never takes NaN for an improvement, and keeps nothing when all is NaN', () => {
  expect(rising({ rounds: 2 })(rounds(0.5, Number.NaN))).toMatchObject({ stop: false, keep: 0 })
  expect(rising({ rounds: 2 })(rounds(Number.NaN, 0.5))).toMatchObject({ stop: false, keep: 1 })
  expect(rising({ rounds: 2 })(rounds(Number.NaN))).toMatchObject({ stop: false, keep: undefined })
  expect(rising({ rounds: 2 })(rounds(Number.NaN, Number.NaN))).toEqual({
    stop: true,
    reason: 'no finite value so far',
    latest: '2 of 2 rounds without an improvement',
    keep: undefined,
  })
})

test('patience watches any number of a round', () => {
  const misses = patience({
    metric: ({ evaluation }) => evaluation.confusion.falseNegatives,
    direction: 'minimise',
  })
  expect(
    misses(ledger([{ falseNegatives: 4 }, { falseNegatives: 0 }, { falseNegatives: 1 }])),
  ).toEqual({
    stop: true,
    reason: 'best value 0 in round 1',
    latest: '1 of 1 rounds without an improvement',
    keep: 1,
  })
})

const refusal = 'Cannot wait for a metric: expected '

test.each<[Partial<PatienceOptions>, string]>([
  [{ metric: 'auc' as never }, `TypeError: ${refusal}a function as metric, got "auc"`],
  [
    { direction: 'max' as never },
    `RangeError: ${refusal}direction to be 'maximise' or 'minimise', got "max"`,
  ],
  [
    { direction: undefined as never },
    `RangeError: ${refusal}direction to be 'maximise' or 'minimise', got undefined`,
  ],
  [{ rounds: 0 }, `RangeError: ${refusal}rounds to be a whole number of at least 1, got 0`],
  [{ rounds: 1.5 }, `RangeError: ${refusal}rounds to be a whole number of at least 1, got 1.5`],
  [{ minimumChange: -0.1 }, `RangeError: ${refusal}minimumChange to be at least 0, got -0.1`],
  [{ minimumChange: Number.NaN }, `RangeError: ${refusal}minimumChange to be at least 0, got NaN`],
])('patience refuses the options %j', (options, message) => {
  expect(refusalOf(() => rising(options))).toBe(message)
})
