import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepingShares } from '../../src/criteria/keeping-shares.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { movement } from '../../src/criteria/movement.js'
import { normalised } from '../../src/criteria/normalised.js'
import { orderByShares } from '../../src/criteria/order-by-shares.js'
import { snip } from '../../src/criteria/snip.js'
import { taylor } from '../../src/criteria/taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion, Loss } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'
import { list, scoresByHand, scoresIn } from './scores-of.js'

const YS = [0, 1, 0, 0, 1, 0, 0]
const samples = { xs: YS.map((_, i) => [...randomValues(4, 20 + i)]), ys: YS, batchSize: 2 }

/** The first `count` elements by the rule of FairGRAPE, each found by looking at all that are left. */
function greedy(importances: readonly (readonly number[])[], count: number): number[] {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const all = total(importances.map(total))
  const taken: number[] = []
  while (taken.length < count) {
    const kept = importances.map((own) => total(taken.map((i) => own[i]!)))
    const left = importances[0]!.map((_, i) => i).filter((i) => !taken.includes(i))
    const lags = importances.map((own, c) => {
      const share = total(kept) === 0 ? 1 / importances.length : kept[c]! / total(kept)
      const some = left.some((i) => own[i]! > 0)
      return some ? total(own) / all - share : Number.NEGATIVE_INFINITY
    })
    const own = importances[lags.indexOf(Math.max(...lags))]!
    taken.push(left.reduce((best, i) => (own[i]! > own[best]! ? i : best)))
  }
  return taken
}

const highest = (scores: ArrayLike<number>, count: number) =>
  Array.from(scores, (_, i) => i)
    .sort((a, b) => scores[b]! - scores[a]!)
    .slice(0, count)

test('keepingShares takes elements in the greedy order, for every number that stays', () => {
  const column = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 })
  const property = fc.property(
    fc.array(column, { minLength: 2, maxLength: 3 }),
    fc.integer({ min: 1, max: 12 }),
    (importances, count) => {
      const scores = orderByShares(importances, new Uint8Array(12).fill(1))
      expect(highest(scores, count)).toEqual(greedy(importances, count))
    },
  )
  fc.assert(property, { numRuns: 200 })
})

test('keepingShares keeps the shares of a rare class nearer than the sum of the classes does', () => {
  const size = 400
  const frequent = randomValues(size, 1).map((value) => 10 * value ** 2)
  const rare = randomValues(size, 2).map((value) => value ** 2 / 10)
  const total = (values: Float32Array, at: readonly number[]) =>
    at.reduce((sum, i) => sum + values[i]!, 0)
  const shareOf = (at: readonly number[]) =>
    total(rare, at) / (total(rare, at) + total(frequent, at))
  const before = shareOf(Array.from({ length: size }, (_, i) => i))
  const sums = frequent.map((value, i) => value + rare[i]!)
  const scores = orderByShares([frequent, rare], new Uint8Array(size).fill(1))
  const off = (at: readonly number[]) => Math.abs(shareOf(at) / before - 1)
  expect(off(highest(sums, 40))).toBeGreaterThan(0.3)
  expect(off(highest(scores, 40))).toBeLessThan(0.05)
})

test('keepingShares looks at kept elements alone, and counts negative scores as 0', () => {
  const importances = [
    [9, 3, -2, 1],
    [9, 0, 5, -4],
  ]
  // Of 3 + 0 + 1 and 0 + 5 + 0: class 1 has the larger share.
  expect([...orderByShares(importances, [0, 1, 1, 1])]).toEqual(
    [0, 2 / 3, 1, 1 / 3].map(Math.fround),
  )
})

test('keepingShares scores NaN where an importance is NaN, and orders the others', () => {
  const scores = orderByShares(
    [
      [1, Number.NaN, 2],
      [0, 1, 1],
    ],
    [1, 1, 1],
  )
  expect([...scores]).toEqual([0.5, Number.NaN, 1])
})

test('keepingShares asks its criterion about each class', async () => {
  const model = smallModel()
  const scoresOfClass = (index: number) => {
    const rows = YS.flatMap((label, i) => (label === index ? [i] : []))
    const own = { ...samples, xs: rows.map((i) => samples.xs[i]!), ys: rows.map(() => index) }
    // Without settings, so that samples of one class will do.
    const loss: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
    return scoresIn(model, taylor(), { samples: { ...own, loss } })
  }
  const [zero, one] = [await scoresOfClass(0), await scoresOfClass(1)]
  const scores = await scoresIn(model, keepingShares(taylor(), [0, 1]), { samples })
  for (const [name, values] of Object.entries(scores)) {
    const importances = [zero[name]!, one[name]!]
    expect(values).toEqual([
      ...orderByShares(
        importances,
        values.map(() => 1),
      ),
    ])
  }
  model.dispose()
})

test('keepingShares takes combined criteria, leaves no tensor behind and the model as it was', async () => {
  const model = smallModel()
  const before = model.getWeights().map((weight) => [...weight.dataSync()])
  const criterion = keepingShares(normalised(wanda({ compare: 'layer' }), 'sum'), [1, 0])
  await expect(() => computeMask(model, { density: 0.5, criterion, samples })).toLeaveNoTensors()
  expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before)
  model.dispose()
})

test('keepingShares refuses a class without samples before anything is scored', async () => {
  const model = smallModel()
  const ofOne = { ...samples, ys: YS.map(() => 0) }
  const criterion = keepingShares(taylor(), [0, 1])
  await expect(computeMask(model, { density: 0.5, criterion, samples: ofOne })).rejects.toThrow(
    /^Cannot gather statistics.*class 1/,
  )
  model.dispose()
})

const list2 = 'expected a list of at least two class indices, each once, got'
const looks = 'expected a criterion that looks at samples'

test.each<[string, () => unknown, string]>([
  [
    'one class',
    () => keepingShares(taylor(), [1]),
    `RangeError: Cannot make keepingShares: ${list2} [1]`,
  ],
  [
    'a class named twice',
    () => keepingShares(taylor(), [1, 1]),
    `RangeError: Cannot make keepingShares: ${list2} [1, 1]`,
  ],
  [
    'half a class',
    () => keepingShares(taylor(), [0, 0.5]),
    `RangeError: Cannot make keepingShares: ${list2} 0.5`,
  ],
  [
    'weights of classes',
    () => keepingShares(taylor(), { 0: 1, 1: 5 } as never),
    `TypeError: Cannot make keepingShares: ${list2} object`,
  ],
  [
    'weights alone',
    () => keepingShares(magnitude(), [0, 1]),
    `RangeError: Cannot make keepingShares: ${looks}, got one that looks at weights alone`,
  ],
  [
    'movement',
    () => keepingShares(movement(), [0, 1]),
    `RangeError: Cannot make keepingShares: ${looks}, got one that needs movement`,
  ],
  [
    'no criterion',
    () => keepingShares({} as never, [0, 1]),
    'TypeError: Cannot make keepingShares: expected a function as criterion, got object',
  ],
  [
    'a factory',
    () =>
      scoresByHand(keepingShares(Object.assign(() => taylor(), snip()) as Criterion, [0, 1]), {
        final: list(1),
        ofClass: () => ({ final: list(1), gradient: list(1) }),
      }),
    'TypeError: Cannot make keepingShares: expected criterion to be a criterion, got a factory: it is a function that makes a criterion: call it',
  ],
])('keepingShares refuses %s', (_, make, message) => {
  expect(refusalOf(make)).toBe(message)
})
