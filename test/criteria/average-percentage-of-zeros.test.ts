import { layers, sequential } from '@tensorflow/tfjs-layers'
import { averagePercentageOfZeros, computeMask } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'

// Some backends make NaN 0 in a relu, where it would count as a silent unit.
test.each([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
])('averagePercentageOfZeros refuses samples with %s', async (_name, value) => {
  const hidden = layers.dense({ name: 'a', units: 4, activation: 'relu', inputShape: [3] })
  const model = fillWeights(sequential({ layers: [hidden, layers.dense({ units: 2 })] }))
  const samples = {
    xs: [
      [1, 2, 3],
      [1, 0, value],
    ],
    ys: [0, 1],
  }
  const criterion = averagePercentageOfZeros()
  expect(await lateRefusalOf(() => computeMask(model, { density: 0.5, criterion, samples }))).toBe(
    `RangeError: Cannot gather statistics: expected finite numbers in xs, all rows of one shape, got ${value} in row 1`,
  )
})
