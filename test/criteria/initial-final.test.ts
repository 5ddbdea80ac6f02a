import { expect, test } from 'vitest'
import { type InitialFinalRule, initialFinal } from '../../src/criteria/initial-final.js'
import { refusalOf } from '../support/refusal-of.js'
import { list, scoresByHand } from './scores-of.js'

const weight = { initial: list(1, -2, 4, -3, 0), final: list(-5, -1, 6, 2, 3) }

test.each<[InitialFinalRule, number[]]>([
  ['largeFinal', [5, 1, 6, 2, 3]],
  ['smallFinal', [-5, -1, -6, -2, -3]],
  ['largeInitial', [1, 2, 4, 3, 0]],
  ['smallInitial', [-1, -2, -4, -3, 0]],
  // Ranks of |w0|: 2 3 5 4 1, of |w|: 4 1 5 2 3.
  ['largeInitialLargeFinal', [2, 1, 5, 2, 1]],
  // Ranks of -|w0|: 4 3 1 2 5, of -|w|: 2 5 1 4 3.
  ['smallInitialSmallFinal', [2, 3, 1, 2, 3]],
  ['magnitudeIncrease', [4, -1, 2, -1, 3]],
  ['largeMovement', [6, 1, 2, 5, 3]],
  ['largeFinalSameSign', [-5, 1, 6, -2, 0]],
  ['largeFinalDifferentSign', [5, -1, -6, 2, 0]],
])('initialFinal with %s scores %j', (rule, wanted) => {
  expect(scoresByHand(initialFinal({ rule }), weight).map((score) => score + 0)).toEqual(wanted)
})

test('initialFinal ranks among the kept elements, and equal values alike', () => {
  const parts = { initial: list(9, 1, 2, 2), final: list(9, 3, 5, 5), mask: list(0, 1, 1, 1) }
  expect(scoresByHand(initialFinal({ rule: 'largeInitialLargeFinal' }), parts)).toEqual([
    0, 1, 2.5, 2.5,
  ])
})

test('initialFinal keeps the same when all trained weights are scaled: ranks need no alpha', () => {
  const scaled = { ...weight, final: list(...[-5, -1, 6, 2, 3].map((value) => value * 1000)) }
  const criterion = initialFinal({ rule: 'largeInitialLargeFinal' })
  expect(scoresByHand(criterion, scaled)).toEqual(scoresByHand(criterion, weight))
})

test('initialFinal refuses a rule that does not exist', () => {
  expect(refusalOf(() => initialFinal({ rule: 'large' as never }))).toMatch(
    /^RangeError: Cannot make initialFinal: expected rule to be 'largeFinal' or .+, got "large"$/,
  )
  expect(refusalOf(() => initialFinal({ rule: 'toString' as never }))).toMatch(/got "toString"$/)
})
