import { add, keep, mul, zerosLike } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fineTune } from '../../src/rewind/fine-tune.js'
import { reinitialise } from '../../src/rewind/reinitialise.js'
import { rewindLearningRate } from '../../src/rewind/rewind-learning-rate.js'
import { rewindTo } from '../../src/rewind/rewind-to.js'
import { rewindToInitial } from '../../src/rewind/rewind-to-initial.js'
import { rewindToSign } from '../../src/rewind/rewind-to-sign.js'
import { rewinderLaws } from '../../src/testing/rewinder-laws.js'
import type { Rewinder } from '../../src/types.js'
import { brokenLaws } from './laws.js'
import { rewinderConformance } from './rewinder.js'

rewinderConformance('rewindToInitial', rewindToInitial)
rewinderConformance('rewindTo an epoch', () => rewindTo({ epoch: 2 }))
rewinderConformance('rewindTo a step', () => rewindTo({ step: 100 }))
rewinderConformance('rewindLearningRate', rewindLearningRate)
rewinderConformance('fineTune', fineTune)
rewinderConformance('reinitialise', () => reinitialise({ seed: 5 }))

// A user's own: half way back.
const halfWay: Rewinder = {
  ...rewindToInitial(),
  name: 'halfWay',
  weights: ({ initial, trained }) => mul(add(initial, trained), 0.5),
}
rewinderConformance('a rewinder of a user', () => halfWay)
rewinderConformance('rewindToSign', rewindToSign)
rewinderConformance('rewindToSign with drawn magnitudes', () =>
  rewindToSign({ magnitudes: 'drawn', seed: 5 }),
)

rewinderConformance('rewindToSign with the signs of trained weights', () =>
  rewindToSign({ signs: 'trained', magnitudes: 'initial' }),
)

const idle: Record<string, Rewinder> = {
  'does nothing': { ...halfWay, weights: () => undefined as never },
  'forgets everything': { ...halfWay, weights: ({ initial }) => zerosLike(initial) },
  'has no name': { ...halfWay, name: '' },
  'captures W0 as epoch 0': { ...halfWay, capture: { epoch: 0 } },
  'leaves a tensor': { ...halfWay, weights: ({ initial }) => keep(add(initial, 0)) },
  'takes what it is shown': {
    ...halfWay,
    weights: ({ initial, trained }) => {
      const next = mul(initial, 2)
      trained.dispose()
      return next
    },
  },
}

test.each(Object.keys(idle))('rewinderConformance turns down a rewinder that %s', async (kind) => {
  expect(await brokenLaws(rewinderLaws, () => idle[kind]!)).not.toEqual([])
})
