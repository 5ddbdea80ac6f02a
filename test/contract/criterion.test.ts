import {
  abs,
  broadcastTo,
  log,
  maximum,
  memory,
  mul,
  onesLike,
  sub,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { batchNormScale } from '../../src/criteria/batch-norm-scale.js'
import { fisher } from '../../src/criteria/fisher.js'
import { forClasses } from '../../src/criteria/for-classes.js'
import { type InitialFinalRule, initialFinal } from '../../src/criteria/initial-final.js'
import { keepingShares } from '../../src/criteria/keeping-shares.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { maximumOf } from '../../src/criteria/maximum-of.js'
import { movement } from '../../src/criteria/movement.js'
import { needing } from '../../src/criteria/needing.js'
import { normalised } from '../../src/criteria/normalised.js'
import { protecting } from '../../src/criteria/protecting.js'
import { random } from '../../src/criteria/random.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { unitTaylor } from '../../src/criteria/unit-taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { weightedByRecall } from '../../src/criteria/weighted-by-recall.js'
import { weightedSum } from '../../src/criteria/weighted-sum.js'
import { createMask } from '../../src/masks/mask.js'
import { criterionLaws } from '../../src/testing/criterion-laws.js'
import { unitCriterionLaws } from '../../src/testing/unit-criterion-laws.js'
import type { Criterion } from '../../src/types.js'
import { withNeeds } from '../support/with-needs.js'
import { criterionConformance } from './criterion.js'
import { brokenLaws } from './laws.js'

criterionConformance('magnitude', magnitude)
criterionConformance('magnitudeIncrease', magnitudeIncrease)
criterionConformance('random', () => random({ seed: 3 }))

criterionConformance('taylor', taylor)
criterionConformance('unitTaylor', unitTaylor, { scores: 'units' })
criterionConformance('snip', snip)
criterionConformance('synFlow', () => synFlow({ steps: 3 }))
criterionConformance('synFlow at trained weights', () => synFlow({ steps: 1, at: 'trained' }))
criterionConformance('wanda', () => wanda({ compare: 'layer' }))
criterionConformance('fisher', fisher)
criterionConformance('movement', movement)
criterionConformance('batchNormScale', batchNormScale, { scores: 'units' })
criterionConformance('averagePercentageOfZeros', averagePercentageOfZeros, { scores: 'units' })

const rules: readonly InitialFinalRule[] = [
  'largeFinal',
  'smallFinal',
  'largeInitial',
  'smallInitial',
  'largeInitialLargeFinal',
  'smallInitialSmallFinal',
  'magnitudeIncrease',
  'largeMovement',
  'largeFinalSameSign',
  'largeFinalDifferentSign',
]
for (const rule of rules)
  criterionConformance(`initialFinal of ${rule}`, () => initialFinal({ rule }))

criterionConformance('forClasses of taylor', () => forClasses(taylor(), { 0: 1, 1: 5 }))
criterionConformance('forClasses of combined criteria', () =>
  forClasses(
    maximumOf(
      normalised(
        needing(['gradient'], ({ gradient }) => abs(gradient)),
        'rank',
      ),
      normalised(wanda(), 'mean'),
    ),
    [1, 0.5],
  ),
)
criterionConformance('keepingShares', () => keepingShares(taylor(), [0, 1]))
criterionConformance('weightedByRecall', () => weightedByRecall(taylor(), [0, 1]))
const both = [
  { criterion: taylor(), weight: 1 },
  { criterion: magnitude(), weight: -0.1 },
]
criterionConformance('weightedSum', () => weightedSum(both))
criterionConformance('maximumOf', () => maximumOf(magnitudeIncrease(), fisher(), movement()))
for (const how of ['mean', 'maximum', 'sum', 'rank'] as const) {
  criterionConformance(`normalised by ${how}`, () => normalised(magnitudeIncrease(), how))
}
const place = { name: 'hidden/kernel', layer: 'hidden', role: 'kernel' }
const some = createMask(
  [{ ...place, shape: [4, 6], values: Uint8Array.from({ length: 24 }, (_, i) => i % 2) }],
  44,
)
criterionConformance('protecting', () => protecting(magnitude(), some))

// A user's own: how far a weight has moved.
const distance: Criterion = ({ initial, final }) => abs(sub(final, initial))
criterionConformance('a criterion of a user', () => distance)

// A user's own that looks at classes: what either of two needs.
const neededByEither = needing(
  [
    { statistic: 'gradient', class: 0 },
    { statistic: 'gradient', class: 1 },
  ],
  ({ final, ofClass }) =>
    abs(mul(final, maximum(abs(ofClass(0).gradient!), abs(ofClass(1).gradient!)))),
)
criterionConformance('a class-conditional criterion of a user', () => neededByEither)

const idle: Record<string, Criterion> = {
  'nothing at all': () => undefined as never,
  zeros: ({ final }) => zerosLike(final),
  'the mask': ({ mask }) => mask,
  'another shape': () => onesLike([1, 2]),
  'a promise': (async ({ final }: { final: unknown }) => final) as never,
}

test.each(Object.keys(idle))(
  'criterionConformance turns down a criterion that returns %s',
  async (kind) => {
    expect(await brokenLaws(criterionLaws, () => idle[kind]!)).not.toEqual([])
  },
)

test('criterionConformance turns down a criterion that disposes what it is shown', async () => {
  const greedy: Criterion = ({ initial, final }) => {
    initial.dispose()
    return abs(final)
  }
  expect(await brokenLaws(criterionLaws, () => greedy)).toContain(
    'disposes no tensor that it is shown and changes no value of it',
  )
})

test('criterionConformance turns down a criterion that looks at what it does not declare', async () => {
  const secretive: Criterion = ({ gradient }) => abs(gradient!)
  expect(await brokenLaws(criterionLaws, () => secretive)).toContain(
    'returns a float32 tensor of the shape of the weight',
  )
})

test('criterionConformance turns down a criterion that needs what does not exist', async () => {
  const law = 'needs statistics that exist, at weights that exist, in whole steps'
  const wrong = { needs: ['curvature'], at: 'last', steps: 0 }
  for (const [key, value] of Object.entries(wrong)) {
    expect(
      await brokenLaws(criterionLaws, () => withNeeds(magnitude(), { [key]: value })),
    ).toContain(law)
  }
})

test('criterionConformance turns down a criterion that needs more in later rounds', async () => {
  const law = 'needs the same statistics in all rounds, where it changes from round to round'
  const wrong = [() => taylor(), () => undefined as never]
  for (const forRound of wrong) {
    const make = () => Object.assign(magnitude(), { forRound })
    expect(await brokenLaws(criterionLaws, make)).toEqual([law])
  }
})

test('criterionConformance turns down a criterion of units that tells elements apart', async () => {
  expect(await brokenLaws(unitCriterionLaws, magnitude)).toEqual([
    'tells the units of a trained weight apart, and scores the elements of a unit alike',
  ])
})

test('criterionLaws leave no tensor behind where one is broken', async () => {
  const before = memory().numTensors
  const broken = await brokenLaws(
    criterionLaws,
    () =>
      ({ final }) =>
        log(abs(final)),
  )
  expect(broken).toContain('gives finite scores to zeros, denormals and large values')
  expect(await brokenLaws(criterionLaws, () => idle['another shape']!)).toContain(
    'makes a mask of exactly k weights',
  )
  expect(memory().numTensors).toBe(before)
})

test('unitCriterionLaws show batchNormScale in the shape that it is gathered in', async () => {
  const shapes: string[] = []
  const curious = needing(['batchNormScale'], ({ final, batchNormScale: gamma }) => {
    shapes.push(gamma.shape.join())
    return broadcastTo(gamma, final.shape)
  })
  const law = unitCriterionLaws.find((one) => /alike/.test(one.law))!
  await law.check(() => curious)
  expect(shapes).toEqual(['1,8'])
})
