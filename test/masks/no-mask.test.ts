import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { applyMask } from '../../src/masks/apply-mask.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { maskStatistics } from '../../src/masks/mask-statistics.js'
import { refusalOf } from '../support/refusal-of.js'

const oneLayer = () =>
  sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [3] })] })

// A round has weights too: their counts.
test.each([
  [() => undefined, 'undefined'],
  [() => null, 'null'],
  [() => ({}), 'object'],
  [() => [denseMask(oneLayer())], 'a list'],
  [() => ({ weights: maskStatistics(denseMask(oneLayer())) }), 'object'],
])('applyMask refuses what is no mask: %#', (make, got) => {
  const message = `TypeError: Cannot use the mask: expected a mask, such as round.mask, got ${got}`
  expect(refusalOf(() => applyMask(oneLayer(), make() as never))).toBe(message)
})
