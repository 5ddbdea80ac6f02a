import { serialization } from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  loadLayersModel,
  sequential,
} from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifyScores, decisionThreshold, setDecisionThreshold } from '../../src/certify/index.js'
import { fileHandler, saveQuantised } from '../../src/files/index.js'
import { applyMask, computeMask, withMasks } from '../../src/index.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import {
  fillWeights,
  layerCases,
  outputBits,
  randomMask,
  randomTensor,
  tangledModel,
} from '../layers/models.js'
import { modelPlans, withModel } from '../support/random-models.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import {
  bitsOf,
  countAlive,
  countRevived,
  randomValues,
  weightsByName,
} from '../support/weights.js'
import { collecting } from './collecting.js'
import { filesIn, modelJsonIn, temporaryFolder } from './files.js'
import { type StockValues, stockValues } from './stock-values.js'

const TYPES = ['uint8', 'uint16', 'float16'] as const

/** Values of a model's weights by their names in files. */
const savedNames = (model: LayersModel) =>
  Object.fromEntries(
    model.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]]),
  )

/**
 * Asserts that the loaded model has the values of the file, and that they are those of the model
 * within the bound.
 */
function expectStored(
  loaded: LayersModel,
  stored: Record<string, StockValues>,
  wanted: Record<string, number[]>,
): void {
  const got = savedNames(loaded)
  expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort())
  for (const [name, { values, bound }] of Object.entries(stored)) {
    expect(bitsOf(Float32Array.from(got[name]!)), name).toEqual(bitsOf(Float32Array.from(values)))
    const off = values.findIndex(
      (value, i) => !(Math.abs(value - wanted[name]![i]!) <= bound(wanted[name]![i]!)),
    )
    expect(off, `${name}: ${values[off]} for ${wanted[name]![off]}`).toBe(-1)
  }
}

/** Saves and loads with stock tfjs; the loaded model is the caller's. */
async function roundTrip(model: LayersModel, options: Parameters<typeof saveQuantised>[2]) {
  const handler = collecting()
  await saveQuantised(model, handler, options)
  return { loaded: await loadLayersModel(handler), stored: stockValues(handler.artifacts) }
}

const quantised = (stored: Record<string, StockValues>) =>
  Object.keys(stored).filter((name) => stored[name]!.quantization)

class Lookup extends layers.Layer {
  static className = 'TestLookup'
  override build(): void {
    const add = (name: string, shape: number[], dtype: 'bool' | 'int32' | 'float32') =>
      this.addWeight(name, shape, dtype, initializers.ones(), undefined, false)
    add('open', [3], 'bool')
    add('offsets', [2, 2], 'int32')
    add('kernel', [3, 5], 'float32')
    this.built = true
  }
}
serialization.registerClass(Lookup)

describe.each(TYPES)('saveQuantised as %s', (type) => {
  it.each(layerCases)(
    'saveQuantised writes a $className that stock tfjs loads, exact by the formula',
    async ({ build }) => {
      const model = build()
      const { loaded, stored } = await roundTrip(model, { type })
      expectStored(loaded, stored, savedNames(model))
      expect(quantised(stored)).toEqual(
        model.weights.filter(({ shape }) => shape.length > 1).map((w) => w.originalName),
      )
      for (const name of quantised(stored)) expect(stored[name]!.quantization!.dtype).toBe(type)
    },
  )

  it('saveQuantised writes nested and shared layers, two inputs and two outputs', async () => {
    const model = tangledModel()
    const { loaded, stored } = await roundTrip(model, { type })
    expectStored(loaded, stored, savedNames(model))
    const x = () => [randomTensor([3, 4], 5), randomTensor([3, 4], 6)]
    modelWeights(model).forEach(({ name, variable }) => {
      assignValues(variable, Float32Array.from(stored[name.split('/').slice(-2).join('/')]!.values))
    })
    expect(outputBits(loaded, x())).toEqual(outputBits(model, x()))
  })

  it('saveQuantised keeps zeros +0 and turns -0 into +0', async () => {
    const model = tangledModel()
    const mask = randomMask(model, () => true)
    modelWeights(model).forEach(({ variable }, i) => {
      const kept = mask.weights[i]!.values
      assignValues(
        variable,
        (variable.dataSync() as Float32Array).map((value, at) => (kept[at] ? value : -0)),
      )
    })
    const { loaded } = await roundTrip(model, { type })
    expect(countRevived(loaded, mask)).toBe(0)
  })

  it('saveQuantised stores what a mask prunes as 0 and leaves the model as it is', async () => {
    const model = smallModel()
    const before = weightsByName(model)
    const mask = everyFourth(model)
    const { loaded, stored } = await roundTrip(model, { type, mask })
    expect(countRevived(loaded, mask)).toBe(0)
    // No value of this model is so near to 0 that uint8 would round it there.
    expect(countAlive(loaded, mask)).toBe(mask.kept)
    expect(quantised(stored)).toEqual(['hidden/kernel', 'out/kernel'])
    expect(weightsByName(model)).toEqual(before)
  })

  it('saveQuantised saves masking layers as stock ones', async () => {
    const model = tangledModel()
    const mask = randomMask(model)
    const { loaded } = await roundTrip(withMasks(model, mask), { type })
    expect(loaded.toJSON()).toBe(model.toJSON())
    expect(countRevived(loaded, mask)).toBe(0)
  })

  it('saveQuantised leaves int32 and bool weights alone, and reads float32 ones behind a byte', async () => {
    const model = sequential({ layers: [new Lookup({ inputShape: [3] })] })
    const values = [Uint8Array.of(1, 0, 1), Int32Array.of(70_000, -3, 0, 7), randomValues(15)]
    modelWeights(model).forEach(({ variable }, i) => void assignValues(variable, values[i]!))
    const { loaded, stored } = await roundTrip(model, { type })
    expect(Object.keys(stored)).toHaveLength(3)
    expectStored(loaded, stored, savedNames(model))
    expect(quantised(stored)).toEqual([model.weights[2]!.originalName])
    expect(loaded.getWeights().map((weight) => weight.dtype)).toEqual(['bool', 'int32', 'float32'])
  })

  it('saveQuantised leaves batch normalisation alone unless select names it', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.dense({ name: 'first', units: 3, inputShape: [4] }),
          layers.batchNormalization({ name: 'norm' }),
        ],
      }),
    )
    const plain = await roundTrip(model, { type })
    expect(quantised(plain.stored)).toEqual(['first/kernel'])
    const some = await roundTrip(model, { type, select: ['norm', /bias$/] })
    const named = [
      'first/bias',
      'norm/gamma',
      'norm/beta',
      'norm/moving_mean',
      'norm/moving_variance',
    ]
    expect(quantised(some.stored)).toEqual(named)
    for (const { loaded, stored } of [plain, some]) expectStored(loaded, stored, savedNames(model))
  })

  it('saveQuantised keeps the certified threshold and other metadata', async () => {
    const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
    const scores = Float64Array.from(labels, (label, i) => i + 1000 * label)
    const risks = {
      positiveClass: 1,
      maximumFalseNegativeRate: 0.05,
      maximumFalsePositiveRate: 0.1,
      confidence: 0.95,
    }
    const certificate = certifyScores([{ round: 0, density: 1, labels, scores }], risks)
    const { threshold } = certificate.accepted!
    const model = smallModel()
    model.setUserDefinedMetadata({ author: 'somebody' })
    setDecisionThreshold(model, { threshold, positiveClass: 1, certificate })
    const { loaded } = await roundTrip(model, { type })
    expect(decisionThreshold(loaded)).toEqual({ threshold, positiveClass: 1, certificate })
    expect(loaded.getUserDefinedMetadata()).toMatchObject({ author: 'somebody' })
  })

  it('saveQuantised writes files that fileHandler reads', async () => {
    const folder = temporaryFolder()
    const model = smallModel()
    await saveQuantised(model, folder, { type })
    const { stored } = await roundTrip(model, { type })
    expectStored(await loadLayersModel(fileHandler(folder)), stored, savedNames(model))
    await saveQuantised(model, `file://${folder}`, { type })
    expect(Object.keys(filesIn(folder))).toHaveLength(2)
    expect(modelJsonIn(folder).weightsManifest[0]!.weights[0]!.quantization!.dtype).toBe(type)
  })

  it('saveQuantised writes random models, pruned ones too, or says why stock tfjs could not load them', async () => {
    let written = 0
    const property = fc.asyncProperty(modelPlans, fc.boolean(), (plan, pruned) =>
      withModel(plan, async (model) => {
        const twice =
          new Set(model.weights.map(({ originalName }) => originalName)).size < model.weights.length
        const mask = pruned ? await computeMask(model, { density: 0.3 }) : undefined
        const options = mask ? { type, mask } : { type }
        if (twice)
          return expect(saveQuantised(model, collecting(), options)).rejects.toThrow(/got .* twice/)
        const { loaded, stored } = await roundTrip(model, options)
        if (mask) applyMask(model, mask)
        expectStored(loaded, stored, savedNames(model))
        if (mask) expect(countRevived(loaded, mask)).toBe(0)
        loaded.dispose()
        written++
      }),
    )
    await fc.assert(property, { numRuns: 50, seed: 1 })
    expect(written).toBeGreaterThan(10)
  })

  it('saveQuantised leaves no tensor, also when the handler fails', async () => {
    const model = tangledModel()
    const mask = randomMask(model)
    await expect(() => saveQuantised(model, collecting(), { type, mask })).toLeaveNoTensors()
    const full = { save: () => Promise.reject(new Error('the disk is full')) }
    const attempt = () => saveQuantised(model, full, { type, mask })
    await expect(() => attempt().catch(() => 0)).toLeaveNoTensors()
    await expect(attempt()).rejects.toThrow('the disk is full')
  })
})

describe('saveQuantised', () => {
  it('saveQuantised needs a byte a weight as uint8, about a quarter of the file, and half of it with 16 bits', async () => {
    const dense = (units: number, inputShape?: number[]) =>
      layers.dense({ units, ...(inputShape && { inputShape }) })
    const model = sequential({ layers: [dense(300, [784]), dense(100), dense(10)] })
    const stock = collecting()
    await model.save(stock)
    const sizes = { float32: new Blob([stock.artifacts.weightData as ArrayBuffer]).size } as Record<
      string,
      number
    >
    for (const type of TYPES) {
      const { modelArtifactsInfo } = await saveQuantised(model, collecting(), { type })
      sizes[type] = modelArtifactsInfo.weightDataBytes!
    }
    const [weights, biases] = [784 * 300 + 300 * 100 + 100 * 10, 300 + 100 + 10]
    const bytes = (one: number) => one * weights + 4 * biases
    expect(sizes).toEqual({
      float32: bytes(4),
      uint8: bytes(1),
      uint16: bytes(2),
      float16: bytes(2),
    })
    expect(sizes.uint8! / sizes.float32!).toBeLessThan(0.252)
  })
})
