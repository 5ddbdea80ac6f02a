import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { magnitude } from '../../src/criteria/magnitude.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { random } from '../../src/criteria/random.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion, ScoredWeight } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'

interface Parts {
  readonly initial?: ArrayLike<number>
  readonly final: ArrayLike<number>
  readonly name?: string
  readonly round?: number
}

function scoresOf(
  criterion: Criterion,
  { initial, final, name = 'a/kernel', round = 1 }: Parts,
): number[] {
  const like = (values: ArrayLike<number>): Tensor =>
    tensor(Float32Array.from(values), [values.length])
  return tidy(() => {
    const place = {
      name,
      layer: 'a',
      role: 'kernel',
      round,
      mask: like(Array.from(final, () => 1)),
    }
    const weight: ScoredWeight = { ...place, initial: like(initial ?? final), final: like(final) }
    return [...(criterion(weight).dataSync() as Float32Array)]
  })
}

test('magnitude scores |w|, whatever w was before', () => {
  expect(scoresOf(magnitude(), { initial: [9, -9, 9, 9], final: [0.5, -2, 0, -0.25] })).toEqual([
    0.5, 2, 0, 0.25,
  ])
})

test('magnitude scores a weight and its negative alike', () => {
  const final = randomValues(50)
  expect(scoresOf(magnitude(), { final: final.map((value) => -value) })).toEqual(
    scoresOf(magnitude(), { final }),
  )
})

test('magnitudeIncrease scores |w| - |w0|: growth counts, not direction or size', () => {
  const scores = scoresOf(magnitudeIncrease(), {
    initial: [-1, 0.5, 2, 0, -3],
    final: [0.5, -2, 2, 0, 3],
  })
  expect(scores).toEqual([-0.5, 1.5, 0, 0, 0])
})

test('magnitudeIncrease takes other weights than magnitude', () => {
  const weights = { initial: [3, 0.1, -2, 0.2], final: [3.1, 1, -1, -0.9] }
  const order = (criterion: Criterion) => {
    const scores = scoresOf(criterion, weights)
    return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!)
  }
  expect(order(magnitude())).toEqual([0, 1, 2, 3])
  expect(order(magnitudeIncrease())).toEqual([1, 3, 0, 2])
})

test('random draws the same scores on every backend, in [0, 1)', () => {
  const scores = scoresOf(random({ seed: 1 }), { final: [0, 0, 0] })
  // By a second implementation of FNV-1a, SplitMix32 and xoshiro128**.
  expect(scores.map((score) => score.toFixed(6))).toEqual(['0.876474', '0.901458', '0.615315'])
  expect(scores.every((score) => score >= 0 && score < 1)).toBe(true)
})

test('random draws anew for another seed, weight or round, and never looks at the values', () => {
  const final = randomValues(40)
  const base = scoresOf(random({ seed: 1 }), { final })
  expect(scoresOf(random({ seed: 1 }), { final: final.map((value) => value * 2) })).toEqual(base)
  const others = [
    scoresOf(random({ seed: 2 }), { final }),
    scoresOf(random({ seed: 1 }), { final, name: 'b/kernel' }),
    scoresOf(random({ seed: 1 }), { final, round: 2 }),
  ]
  for (const other of others) expect(other.filter((score, i) => score === base[i])).toEqual([])
})

test('random is uniform: mean, variance and tenths of 100,000 draws', () => {
  const scores = scoresOf(random({ seed: 7 }), { final: new Float32Array(100_000) })
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.004) // 4.4 standard errors
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001)
  const tenths = new Array<number>(10).fill(0)
  for (const score of scores) tenths[Math.floor(score * 10)]!++
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  expect(chiSquare).toBeLessThan(29) // 9 degrees of freedom, p = 0.0006
})

test('random keeps each weight of a model about equally often', async () => {
  const model = smallModel()
  const kept = new Array<number>(24).fill(0)
  for (let seed = 0; seed < 200; seed++) {
    const { weights } = await computeMask(model, { density: 0.25, criterion: random({ seed }) })
    weights[0]!.values.forEach((value, i) => {
      kept[i]! += value
    })
  }
  expect(Math.min(...kept)).toBeGreaterThan(25) // 50 expected, standard deviation 6.1
  expect(Math.max(...kept)).toBeLessThan(75)
})

test.each([
  [1.5, 'RangeError: Cannot make a random criterion: expected a whole number as seed, got 1.5'],
  [
    Number.NaN,
    'RangeError: Cannot make a random criterion: expected a whole number as seed, got NaN',
  ],
  ['1', 'TypeError: Cannot make a random criterion: expected a number as seed, got string'],
  [
    undefined,
    'TypeError: Cannot make a random criterion: expected a number as seed, got undefined',
  ],
])('random refuses the seed %s', (seed, message) => {
  expect(refusalOf(() => random({ seed: seed as number }))).toBe(message)
})
