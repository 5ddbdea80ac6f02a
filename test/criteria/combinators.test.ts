import { mul } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { maximumOf } from '../../src/criteria/maximum-of.js'
import { movement } from '../../src/criteria/movement.js'
import { type Normalisation, normalised } from '../../src/criteria/normalised.js'
import { protecting } from '../../src/criteria/protecting.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { weightedSum } from '../../src/criteria/weighted-sum.js'
import { createMask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { list, scoresByHand } from './scores-of.js'

const weight = { initial: list(1, -2, 4, 0), final: list(-5, 1, 6, 2) }

test('weightedSum adds the scores of its parts, each times its weight', () => {
  const parts = [
    { criterion: magnitude(), weight: 2 },
    { criterion: magnitudeIncrease(), weight: -1 },
  ]
  // |w| = 5 1 6 2, |w| - |w0| = 4 -1 2 2.
  expect(scoresByHand(weightedSum(parts), weight)).toEqual([6, 3, 10, 2])
})

test('maximumOf takes the highest score of each element', () => {
  const negative: Criterion = ({ final }) => final
  expect(scoresByHand(maximumOf(negative, magnitudeIncrease()), weight)).toEqual([4, 1, 6, 2])
})

test('weightedSum and maximumOf need what their parts need, in as many steps as the longest', () => {
  const both = maximumOf(snip(), synFlow({ steps: 7 }), magnitude())
  const { gather } = snip()
  expect({ ...both }).toEqual({ needs: ['gradient', 'flow'], at: 'initial', steps: 7, gather })
  const sum = weightedSum([
    { criterion: taylor(), weight: 1 },
    { criterion: movement(), weight: 1 },
  ])
  const needs = ['squaredGradient', 'movement']
  expect({ ...sum }).toEqual({ needs, at: 'trained', steps: 1, gather })
  expect(maximumOf(magnitude(), magnitudeIncrease())).not.toHaveProperty('gather')
})

test('maximumOf takes criteria that do not mind with those that look at W0', () => {
  expect(maximumOf(magnitude(), movement(), snip()).at).toBe('initial')
})

test.each<[Normalisation, number[]]>([
  ['mean', [2, -0.5, 0.5, 1]],
  ['maximum', [1, -0.25, 0.25, 0.5]],
  ['sum', [0.5, -0.125, 0.125, 0.25]],
  ['rank', [1, 0.25, 0.5, 0.75]],
])('normalised by %s brings the scores of a weight to one scale: %j', (how, wanted) => {
  // |w| - |w0| = 4 -1 1 2: absolute values sum to 8.
  const parts = { initial: list(0, 2, 0, 0), final: list(-4, 1, 1, 2) }
  expect(scoresByHand(normalised(magnitudeIncrease(), how), parts)).toEqual(wanted)
})

test.each(['mean', 'maximum', 'sum', 'rank'] as const)(
  'normalised by %s looks at kept elements alone',
  (how) => {
    const kept = scoresByHand(normalised(magnitude(), how), { final: list(3, -1) })
    const withPruned = { final: list(1e30, 3, -1), mask: list(0, 1, 1) }
    expect(scoresByHand(normalised(magnitude(), how), withPruned)).toEqual([0, ...kept])
  },
)

test('normalised leaves zeros where all scores are 0, and ranks them alike', () => {
  const zeros = { final: list(0, 0, 0) }
  for (const how of ['mean', 'maximum', 'sum'] as const) {
    expect(scoresByHand(normalised(magnitude(), how), zeros)).toEqual([0, 0, 0])
  }
  expect(scoresByHand(normalised(magnitude(), 'rank'), zeros)).toEqual(
    [2, 2, 2].map((rank) => Math.fround(rank / 3)),
  )
})

test('normalised by mean adds up large scores without overflow', () => {
  expect(scoresByHand(normalised(magnitude(), 'mean'), { final: list(3e38, 3e38, 0) })).toEqual([
    1.5, 1.5, 0,
  ])
})

test('normalised lets layers of different scale compete', async () => {
  const model = smallModel()
  const [kernel, bias] = model.layers[0]!.getWeights()
  model.layers[0]!.setWeights([mul(kernel!, 1000), bias!])
  const kept = async (criterion: Criterion) => {
    const { weights } = await computeMask(model, { density: 0.5, criterion, allocate: globally() })
    return weights.map((one) => one.kept)
  }
  expect(await kept(magnitude())).toEqual([17, 1])
  expect(await kept(normalised(magnitude(), 'rank'))).toEqual([12, 6])
  model.dispose()
})

const place = { name: 'out/kernel', layer: 'out', role: 'kernel' }
const maskOf = (...values: number[]) =>
  createMask([{ ...place, shape: [values.length], values: Uint8Array.from(values) }], values.length)

test('protecting puts protected elements before all others, in the order of the criterion', () => {
  const scores = scoresByHand(protecting(magnitude(), maskOf(0, 1, 0, 1, 1)), {
    final: list(9, 1, 1e30, 3, 2),
  })
  expect(scores).toEqual(
    [9, 2 ** 101, Math.fround(1e30), 2 ** 101 * (1 + 2 / 3), 2 ** 101 * (1 + 1 / 3)].map(
      Math.fround,
    ),
  )
})

test('protecting keeps scores finite and below the protected ones', () => {
  const scores = scoresByHand(protecting(magnitude(), maskOf(0, 1)), { final: list(3.4e38, 0) })
  expect(scores[0]).toBeLessThan(scores[1]!)
  expect(scores.every(Number.isFinite)).toBe(true)
})

test('protecting tells 100,000 protected elements apart', () => {
  const final = {
    shape: [100_000],
    values: Float32Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003),
  }
  const scores = scoresByHand(
    protecting(magnitude(), maskOf(...new Array<number>(100_000).fill(1))),
    { final },
  )
  expect(new Set(scores).size).toBe(100_000)
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!)
  expect(
    order.every((index, i) => i === 0 || final.values[index]! > final.values[order[i - 1]!]!),
  ).toBe(true)
})

test('protecting does not bring pruned elements back, nor touch a weight that is not in the mask', () => {
  const parts = { final: list(1, 2, 3), mask: list(0, 1, 1) }
  const scores = scoresByHand(protecting(magnitude(), maskOf(1, 0, 0)), parts)
  expect(scores).toEqual([1, 2, 3])
  expect(
    scoresByHand(protecting(magnitude(), maskOf(1, 0)), { ...parts, name: 'other/kernel' }),
  ).toEqual([1, 2, 3])
})

test('protecting keeps what it protects in a model, and leaves counts to the allocator', async () => {
  const model = smallModel()
  const values = Uint8Array.from({ length: 12 }, (_, i) => Number(i < 4))
  const mask = createMask([{ ...place, shape: [6, 2], values }], 44)
  const keptOf = async (density: number) => {
    const { weights } = await computeMask(model, {
      density,
      criterion: protecting(magnitude(), mask),
    })
    return weights[1]!.values
  }
  const half = await keptOf(0.5)
  expect([...half.slice(0, 4)]).toEqual([1, 1, 1, 1])
  expect(half.reduce((sum, value) => sum + value, 0)).toBe(6)
  const sixth = await keptOf(1 / 6)
  expect(sixth.slice(0, 4).reduce((sum, value) => sum + value, 0)).toBe(2)
  model.dispose()
})

const clash = 'expected statistics of the same weights, got one at trained and one at initial'

test.each<[string, () => unknown, string]>([
  [
    'no part',
    () => weightedSum([]),
    'RangeError: Cannot make weightedSum: expected at least one criterion, got none',
  ],
  [
    'no list',
    () => weightedSum({} as never),
    'TypeError: Cannot make weightedSum: expected a list of parts, got object',
  ],
  [
    'an infinite weight',
    () => weightedSum([{ criterion: magnitude(), weight: Number.POSITIVE_INFINITY }]),
    'RangeError: Cannot make weightedSum: expected weight 0 to be a finite number, got Infinity',
  ],
  [
    'a bare criterion',
    () => weightedSum([magnitude()] as never),
    'TypeError: Cannot make weightedSum: expected weight 0 to be a finite number, got undefined',
  ],
  [
    'nothing',
    () => maximumOf(),
    'RangeError: Cannot make maximumOf: expected at least one criterion, got none',
  ],
  [
    'no function',
    () => maximumOf({} as never),
    'TypeError: Cannot make maximumOf: expected a function as criterion, got object',
  ],
  ['a clash', () => maximumOf(taylor(), snip()), `RangeError: Cannot make maximumOf: ${clash}`],
  [
    'two ways to gather',
    () => maximumOf(taylor(), Object.assign(taylor(), { gather: async () => ({}) as never })),
    'RangeError: Cannot make maximumOf: expected criteria whose statistics are gathered by one function, got 2 functions',
  ],
  [
    'needs that nobody gathers',
    () => normalised(Object.assign(taylor(), { gather: undefined }) as never, 'sum'),
    'TypeError: Cannot score: expected a criterion with needs to carry gather, as those of needing() do, got undefined',
  ],
  [
    'another norm',
    () => normalised(magnitude(), 'median' as never),
    "RangeError: Cannot make normalised: expected the normalisation to be 'mean' or 'maximum' or 'sum' or 'rank', got \"median\"",
  ],
  [
    'no mask',
    () => protecting(magnitude(), undefined as never),
    'TypeError: Cannot make protecting: expected a mask, got undefined',
  ],
  [
    'weights without their totals',
    () => protecting(magnitude(), { weights: maskOf(1, 0).weights } as never),
    'TypeError: Cannot make protecting: expected a mask with its totals, got weights alone: make it by createMask(weights, parameters)',
  ],
  [
    'a mask of another shape',
    () => scoresByHand(protecting(magnitude(), maskOf(1, 0)), { final: list(1, 2, 3) }),
    'TypeError: Cannot score out/kernel: expected a protecting mask of shape [3], got [2]',
  ],
])('combinators refuse %s', (_, make, message) => {
  expect(refusalOf(make)).toBe(message)
})
