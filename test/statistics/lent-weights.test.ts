import { randomNormal } from '@tensorflow/tfjs-core'
import { applyMask, computeMask, denseMask, maskOfZeros, snip } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { weightBits } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { weightsByName } from '../support/weights.js'

const xs = () => randomNormal([8, 4], 0, 1, 'float32', 8)
const ys = [0, 1, 1, 0, 1, 0, 0, 1]

test('computeMask, maskOfZeros and applyMask refuse weights with which statistics are gathered', async () => {
  const model = smallModel()
  const before = weightBits(model)
  const initial = weightsByName(smallModel(2))
  const asked: Promise<string>[] = []
  const onProgress = () => {
    asked.push(
      lateRefusalOf(() => computeMask(model, { density: 0.5 })),
      lateRefusalOf(() => maskOfZeros(model)),
      Promise.resolve(refusalOf(() => applyMask(model, denseMask(model)))),
    )
  }
  const samples = { xs: xs(), ys, batchSize: 4 }
  await computeMask(model, { density: 0.5, criterion: snip(), samples, initial, onProgress })
  const refusals = await Promise.all(asked)
  expect(refusals).toHaveLength(6)
  for (const refusal of refusals)
    expect(refusal).toMatch(
      /expected the model's own weights, got those with which statistics are /,
    )
  expect(weightBits(model)).toEqual(before)
  expect((await computeMask(model, { density: 0.5 })).kept).toBe(18)
  samples.xs.dispose()
})

test('applyMask takes a model whose statistics are gathered with its own weights', async () => {
  const model = smallModel()
  const mask = await computeMask(model, { density: 0.5 })
  const samples = { xs: xs(), ys }
  const onProgress = () => applyMask(model, mask)
  await computeMask(model, { density: 0.5, criterion: snip(), samples, onProgress })
  const { variable } = modelWeights(model)[0]!
  expect([...variable.dataSync()].filter((value) => value === 0)).toHaveLength(12)
  samples.xs.dispose()
})
