import { mul } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { fisher } from '../../src/criteria/fisher.js'
import { movement } from '../../src/criteria/movement.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { unitTaylor } from '../../src/criteria/unit-taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { list, rows, scoresByHand } from './scores-of.js'

test('taylor scores w^2 E[g^2], whatever w was before', () => {
  const parts = {
    initial: list(9, 9, 9, 9),
    final: list(2, -1, 0, 0.5),
    squaredGradient: list(4, 9, 100, 0),
  }
  expect(scoresByHand(taylor(), parts)).toEqual([16, 9, 0, 0])
})

test('taylor and fisher stay finite and in order where squares would not be', () => {
  const parts = { final: list(1e30, 1e30, -1, 1e12), squaredGradient: list(0, 1, 1, 1e-6) }
  const [first, second, third, fourth] = scoresByHand(taylor(), parts)
  expect([first, third]).toEqual([0, 1])
  expect(second).toBe(2 ** 100)
  expect(fourth! / 1e18).toBeCloseTo(1, 5)
  expect(scoresByHand(fisher(), parts)).toEqual(
    [first, second, third, fourth].map((score) => score! / 2),
  )
})

test('fisher scores half of w^2 E[g^2]', () => {
  expect(scoresByHand(fisher(), { final: list(2, -1, 3), squaredGradient: list(4, 9, 0) })).toEqual(
    [8, 4.5, 0],
  )
})

test('unitTaylor shares the score of a unit among its elements: they sum to it', () => {
  const scores = scoresByHand(unitTaylor(), {
    final: rows([1, 2], [3, 4], [5, 6], [7, 8]),
    unitSaliency: rows([8, 1]),
  })
  expect(scores).toEqual([2, 0.25, 2, 0.25, 2, 0.25, 2, 0.25])
  expect(scores.filter((_, i) => i % 2 === 0).reduce((sum, score) => sum + score, 0)).toBe(8)
})

test('unitTaylor scores each element of a bias, a unit of its own', () => {
  expect(scoresByHand(unitTaylor(), { final: list(1, 2), unitSaliency: list(8, 1) })).toEqual([
    8, 1,
  ])
})

test('unitTaylor tells the channels of a depthwise kernel apart, and its multipliers', () => {
  const final = { shape: [2, 1, 2, 2], values: [1, 1, 1, 1, 1, 1, 1, 1] }
  const unitSaliency = { shape: [1, 1, 2, 2], values: [2, 4, 6, 8] }
  expect(scoresByHand(unitTaylor(), { final, unitSaliency })).toEqual([1, 2, 3, 4, 1, 2, 3, 4])
})

test('snip scores |g w0|, whatever training made of w', () => {
  expect(
    scoresByHand(snip(), {
      initial: list(2, -1, 0),
      final: list(0, 0, 7),
      gradient: list(-1, -3, 5),
    }),
  ).toEqual([2, 3, 0])
  expect({ ...snip() }).toMatchObject({ needs: ['gradient'], at: 'initial', steps: 1 })
})

test('synFlow scores |w| dR/dw, of W0 or of the trained weights', () => {
  const parts = { initial: list(-2, 1), final: list(3, -4), flow: list(5, -0.5) }
  expect(scoresByHand(synFlow(), parts)).toEqual([10, 0.5])
  expect(scoresByHand(synFlow({ at: 'trained' }), parts)).toEqual([15, 2])
  expect({ ...synFlow() }).toMatchObject({ needs: ['flow'], at: 'initial', steps: 100 })
  expect({ ...synFlow({ at: 'trained', steps: 7 }) }).toMatchObject({
    needs: ['flow'],
    at: 'trained',
    steps: 7,
  })
})

test.each<[object, string]>([
  [
    { steps: 0 },
    'RangeError: Cannot make synFlow: expected steps to be a whole number of at least 1, got 0',
  ],
  [
    { at: 'last' },
    "RangeError: Cannot make synFlow: expected at to be 'trained' or 'initial', got \"last\"",
  ],
  [{ rounds: 3 }, 'TypeError: Cannot make synFlow: expected options among steps, at, got rounds'],
])('synFlow refuses %j', (options, message) => {
  expect(refusalOf(() => synFlow(options))).toBe(message)
})

test('movement scores the sum of - w g as it is, signs and all', () => {
  expect(scoresByHand(movement(), { final: list(9, 9, 9), movement: list(-3, 0, 0.5) })).toEqual([
    -3, 0, 0.5,
  ])
})

test('averagePercentageOfZeros scores the share of outputs that are not 0, the same in a whole unit', () => {
  expect(
    scoresByHand(averagePercentageOfZeros(), {
      final: rows([1, 2, 3], [4, 5, 6]),
      zeroShare: rows([0, 0.25, 1]),
    }),
  ).toEqual([1, 0.75, 0, 1, 0.75, 0])
})

// |w| |x|: [[3, 4], [2, 40], [8, 12], [5, 24]], a column for each output.
const kernel = {
  final: rows([3, -4], [1, 20], [-2, 3], [0.5, 2.4]),
  inputNorm: rows([1], [2], [4], [10]),
}

test('wanda scores |w| |x| when all of a layer competes', () => {
  expect(scoresByHand(wanda({ compare: 'layer' }), kernel)).toEqual([3, 4, 2, 40, 8, 12, 5, 24])
})

test('wanda scores the rank of |w| |x| within the output', () => {
  expect(scoresByHand(wanda(), kernel)).toEqual([0.5, 0.25, 0.25, 1, 1, 0.5, 0.75, 0.75])
})

test('wanda ranks pruned elements lowest, whatever they were', () => {
  const mask = rows([1, 1], [1, 0], [0, 1], [1, 1])
  expect(scoresByHand(wanda(), { ...kernel, mask })).toEqual([
    0.75, 0.5, 0.5, 0.25, 0.25, 0.75, 1, 1,
  ])
})

test('wanda ranks equal numbers by flat index, so that no output keeps more than its share', () => {
  const parts = { final: rows([1, 1], [1, 2], [1, 1]), inputNorm: rows([0], [0], [1]) }
  expect(scoresByHand(wanda(), parts)).toEqual([2 / 3, 2 / 3, 1 / 3, 1 / 3, 1, 1].map(Math.fround))
})

test('wanda lets every output of a layer keep the same number, whatever their scale', async () => {
  const model = smallModel()
  const [kernel, bias] = model.layers[0]!.getWeights()
  model.layers[0]!.setWeights([mul(kernel!, [1, 10, 100, 1000, 1e4, 1e5]), bias!])
  const samples = {
    xs: [
      [1, 2, 3, 4],
      [4, 3, -2, 1],
    ],
    ys: [0, 1],
  }
  const keptOf = async (criterion: Criterion, density: number) => {
    const { values } = (await computeMask(model, { density, criterion, samples })).weights[0]!
    return [0, 1, 2, 3, 4, 5].map(
      (unit) => values.filter((value, i) => i % 6 === unit && value === 1).length,
    )
  }
  expect(await keptOf(wanda(), 0.5)).toEqual([2, 2, 2, 2, 2, 2])
  expect((await keptOf(wanda(), 1 / 3)).toSorted()).toEqual([1, 1, 1, 1, 2, 2])
  expect((await keptOf(wanda({ compare: 'layer' }), 0.5)).slice(-2)).toEqual([4, 4])
  model.dispose()
})

test('wanda compares the elements of a bias with one another: each is all of its output', () => {
  expect(scoresByHand(wanda(), { final: list(1, -3, 2), inputNorm: list(5) })).toEqual(
    [1 / 3, 1, 2 / 3].map(Math.fround),
  )
})

test('wanda takes each place of two unit axes as an output, as of a depthwise kernel', () => {
  const final = { shape: [2, 1, 2, 2], values: [1, 2, 30, 40, 2, 1, 40, 30] }
  const inputNorm = { shape: [2, 1, 2, 1], values: [1, 1, 1, 1] }
  const scores = scoresByHand(wanda(), { unitAxes: [2, 3], final, inputNorm })
  expect(scores).toEqual([0.5, 1, 0.5, 1, 1, 0.5, 1, 0.5])
})

test('wanda finds the outputs of a transposed kernel before its inputs', () => {
  // [window, outputs, inputs] = [2, 2, 2]; the norm depends on the input alone.
  const final = { shape: [2, 2, 2], values: [1, 2, 50, 60, 3, 4, 70, 80] }
  const inputNorm = { shape: [1, 1, 2], values: [1, 1] }
  const scores = scoresByHand(wanda(), { unitAxes: [1], final, inputNorm })
  expect(scores).toEqual([0.25, 0.5, 0.25, 0.5, 0.75, 1, 0.75, 1])
})

test.each<[object, string]>([
  [
    { compare: 'input' },
    "RangeError: Cannot make wanda: expected compare to be 'output' or 'layer', got \"input\"",
  ],
  [
    { within: 'output' },
    'TypeError: Cannot make wanda: expected options among compare, got within',
  ],
])('wanda refuses %j', (options, message) => {
  expect(refusalOf(() => wanda(options))).toBe(message)
})
