import { fill, io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import {
  narrowest,
  saveCompressed,
  saveQuantised,
  sizeReport,
  strip,
} from '../../src/files/index.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { everyFourth, smallModel } from '../support/small-models.js'

/** The bytes that each function makes of a model. */
const functions: Record<string, (model: LayersModel) => Promise<unknown>> = {
  saveCompressed: async (model) => {
    let bytes: Uint8Array | undefined
    await saveCompressed(model, (made) => {
      bytes = made
    })
    return [...bytes!]
  },
  saveQuantised: async (model) => {
    let data: io.WeightData | undefined
    const handler = io.withSaveHandler(async (artifacts) => {
      data = artifacts.weightData
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    })
    await saveQuantised(model, handler, { type: 'uint8' })
    return [...new Uint8Array(new io.CompositeArrayBuffer(data!).slice())]
  },
  sizeReport: (model) => sizeReport(model),
}

const kinds: Record<string, () => LayersModel> = {
  'a model': () => smallModel(1),
  'a model with masking layers': () => {
    const model = smallModel(1)
    return withMasks(model, everyFourth(model))
  },
}

const cases = Object.keys(functions).flatMap((name) =>
  Object.keys(kinds).map((kind) => [name, kind] as const),
)

test.each(cases)('%s takes %s as it is at the call, whatever comes after', async (name, kind) => {
  const model = kinds[kind]!()
  const wanted = await functions[name]!(model)
  const found = functions[name]!(model)
  for (const weight of model.weights)
    if (weight.dtype === 'float32') weight.write(fill(weight.shape as number[], 0))
  expect(await found).toEqual(wanted)
})

const never = () => {
  throw new Error('measured')
}

test.each(
  Object.entries({
    ...functions,
    strip: async (model: LayersModel) => strip(model),
    narrowest: (model: LayersModel) => narrowest(model, { budget: 0, evaluate: never }),
  }),
)('%s refuses a model that is disposed', async (_, work) => {
  const model = smallModel()
  model.dispose()
  expect(await lateRefusalOf(() => work(model))).toMatch(
    /^TypeError: Cannot .*: expected a model in use, got one disposed of$/,
  )
})
