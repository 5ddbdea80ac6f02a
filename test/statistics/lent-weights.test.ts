import { randomNormal } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  denseMask,
  evaluateOn,
  maskOfZeros,
  snip,
  stripMasks,
  withMasks,
} from 'tfjs-prune'
import { outcomesOf } from 'tfjs-prune/audit'
import { weightsFingerprint } from 'tfjs-prune/certify'
import { saveCompressed, sizeReport, strip } from 'tfjs-prune/files'
import { toOnnx } from 'tfjs-prune/onnx'
import { shrink } from 'tfjs-prune/shrink'
import { compileSparse } from 'tfjs-prune/sparse'
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

test('evaluateOn, files, copies and compiled networks refuse them too', async () => {
  const model = smallModel()
  const initial = weightsByName(smallModel(2))
  const samples = { xs: xs(), ys, batchSize: 4 }
  const functions: Record<string, (one: LayersModel) => unknown> = {
    evaluateOn: evaluateOn({ xs: samples.xs, ys }, { positiveClass: 1 }),
    outcomesOf: (one) => outcomesOf(one, { xs: samples.xs, ys }),
    saveCompressed: (one) => saveCompressed(one, () => {}),
    sizeReport,
    stripMasks,
    strip,
    withMasks: (one) => withMasks(one, denseMask(one)),
    toOnnx: (one) => toOnnx(one),
    compileSparse: (one) => compileSparse(one),
    shrink: (one) => shrink(one),
    weightsFingerprint: (one) => weightsFingerprint(one),
  }
  const asked: Promise<string>[] = []
  const onProgress = () => {
    for (const use of Object.values(functions)) asked.push(lateRefusalOf(async () => use(model)))
  }
  await computeMask(model, { density: 0.5, criterion: snip(), samples, initial, onProgress })
  const refusals = await Promise.all(asked)
  expect(refusals).toHaveLength(2 * Object.keys(functions).length)
  for (const [i, refusal] of refusals.entries())
    expect(refusal, Object.keys(functions)[i]).toContain("expected the model's own weights, got")
  for (const use of Object.values(functions)) await use(model)
  samples.xs.dispose()
})

test('applyMask takes a model whose statistics are gathered with its own weights; they are refused', async () => {
  const model = smallModel()
  const mask = await computeMask(model, { density: 0.5 })
  const samples = { xs: xs(), ys }
  const onProgress = () => applyMask(model, mask)
  const options = { density: 0.5, criterion: snip(), samples, onProgress }
  expect(await lateRefusalOf(() => computeMask(model, options))).toMatch(
    /^Error: Cannot score: expected weights that stay as they are meanwhile, got other values in hid/,
  )
  const { variable } = modelWeights(model)[0]!
  expect([...variable.dataSync()].filter((value) => value === 0)).toHaveLength(12)
  samples.xs.dispose()
})
