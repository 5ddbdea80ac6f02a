import { abs, onesLike, sub, zerosLike } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { magnitude } from '../../src/criteria/magnitude.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { random } from '../../src/criteria/random.js'
import type { Criterion } from '../../src/types.js'
import { criterionConformance, criterionLaws } from './criterion.js'
import { brokenLaws } from './laws.js'

criterionConformance('magnitude', magnitude)
criterionConformance('magnitudeIncrease', magnitudeIncrease)
criterionConformance('random', () => random({ seed: 3 }))

// A user's own: how far a weight has moved.
const movement: Criterion = ({ initial, final }) => abs(sub(final, initial))
criterionConformance('a criterion of a user', () => movement)

const idle: Record<string, Criterion> = {
  'nothing at all': () => undefined as never,
  zeros: ({ final }) => zerosLike(final),
  'the mask': ({ mask }) => mask,
  'another shape': () => onesLike([1, 2]),
  'a promise': (async ({ final }: { final: unknown }) => final) as never,
}

test.each(Object.keys(idle))('criterionConformance turns down a criterion that returns %s', async (kind) => {
  expect(await brokenLaws(criterionLaws, () => idle[kind]!)).not.toEqual([])
})

test('criterionConformance turns down a criterion that disposes what it is shown', async () => {
  const greedy: Criterion = ({ initial, final }) => {
    initial.dispose()
    return abs(final)
  }
  expect(await brokenLaws(criterionLaws, () => greedy)).toContain(
    'disposes no tensor that it is shown and changes no value of it',
  )
})
