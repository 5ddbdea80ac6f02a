import { fill, memory, mul, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  evaluateOn,
  type Gather,
  gradualPruner,
  magnitude,
  maskOfZeros,
  prune,
  reEstimateBatchNorm,
  snip,
} from 'tfjs-prune'
import { outcomesOf } from 'tfjs-prune/audit'
import { compileSparse } from 'tfjs-prune/sparse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whileBusy } from '../../src/internal/busy-models.js'
import { readWeights, writeWeights } from '../../src/internal/weight-values.js'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

/** Gives each weight one value throughout. */
function assign(model: LayersModel, value: number): void {
  tidy(() => model.setWeights(model.weights.map(({ shape }) => fill(shape as number[], value))))
}

/** Doubles all weights at the second call of the first layer. */
function doubleLater(model: LayersModel): void {
  const [first] = model.layers
  const call = first!.call.bind(first)
  let calls = 0
  first!.call = (...args) => {
    calls++
    if (calls === 2) queueMicrotask(() => double(model))
    return call(...args)
  }
}

function double(model: LayersModel): void {
  tidy(() => model.setWeights(model.getWeights().map((weight) => mul(weight, 2))))
}

const words = (task: string, name: string) =>
  new RegExp(
    `^Error: Cannot ${task}: expected weights that stay as they are meanwhile, got other values in .+: await the run or the training that is at work on ${name}$`,
  )

describe('weights that change meanwhile', () => {
  it('evaluateOn and outcomesOf refuse to mix two networks', async () => {
    const model = smallNetwork()
    const evaluate = evaluateOn(data, { positiveClass: 1, batchSize: 8 })
    doubleLater(model)
    expect(await lateRefusalOf(async () => evaluate(model))).toMatch(words('evaluate', model.name))
    doubleLater(model)
    const outcomes = () => outcomesOf(model, data, { batchSize: 8 })
    expect(await lateRefusalOf(outcomes)).toMatch(/expected weights that stay as they are/)
    expect((await evaluate(model)).confusion).toBeDefined()
    model.dispose()
  })

  it('evaluateOn tells of a model that a run is training', async () => {
    const model = smallNetwork()
    const evaluate = evaluateOn(data, { positiveClass: 1, batchSize: 1 })
    let refusal: Promise<string> | undefined
    const onProgress = () => {
      refusal ??= lateRefusalOf(async () => evaluate(model))
    }
    await prune(model, { ...quickRun(data, { schedule: [1, 0.5] }), onProgress })
    expect(await refusal).toMatch(words('evaluate', model.name))
    model.dispose()
  })

  it('computeMask refuses to score two networks', async () => {
    const model = smallNetwork()
    const options = { density: 0.5, criterion: magnitude() }
    const refusal = lateRefusalOf(() => computeMask(model, options))
    double(model)
    expect(await refusal).toMatch(words('prune', model.name))
    expect((await computeMask(model, options)).density).toBe(0.5)
    model.dispose()
  })

  it('computeMask refuses statistics of two networks, and the later weights stay', async () => {
    for (const initial of [undefined, await readWeights(smallNetwork(2))]) {
      const model = smallNetwork()
      const samples = { xs: data.xs, ys: data.ys, batchSize: 8 }
      const onProgress = () => assign(model, 0.5)
      const options = { density: 0.5, criterion: snip(), samples, onProgress }
      const work = () => computeMask(model, { ...options, ...(initial && { initial }) })
      const tensors = memory().numTensors
      expect(await lateRefusalOf(work)).toMatch(
        /^Error: Cannot score: expected weights that stay as they are meanwhile, got other values in /,
      )
      expect(memory().numTensors).toBe(tensors)
      for (const values of Object.values(await readWeights(model)))
        expect(new Set(values)).toEqual(new Set([0.5]))
      model.dispose()
    }
  })

  it('computeMask lets a criterion that gathers write weights, if it gives them back', async () => {
    const model = smallNetwork()
    const before = weightBits(model)
    const gather: Gather = async (own) => {
      const values = await readWeights(own)
      assign(own, 1)
      writeWeights(own, values)
      return { of: () => ({}), dispose: () => {} }
    }
    const criterion = Object.assign(magnitude(), { needs: ['flow'] as const, gather })
    expect((await computeMask(model, { density: 0.5, criterion })).density).toBe(0.5)
    expect(weightBits(model)).toEqual(before)
    model.dispose()
  })

  it('reEstimateBatchNorm refuses, and the statistics stay', async () => {
    const normed = sequential({
      layers: [layers.batchNormalization({ inputShape: [6] }), layers.dense({ units: 2 })],
    })
    const work = () => reEstimateBatchNorm(normed, { xs: data.xs }, { batchSize: 8 })
    const refusal = lateRefusalOf(work)
    assign(normed, 0.5)
    expect(await refusal).toMatch(words('re-estimate batch norm', normed.name))
    for (const values of Object.values(await readWeights(normed)))
      expect(new Set(values)).toEqual(new Set([0.5]))
    expect(await work()).toBe(1)
    normed.dispose()
  })

  it('gradualPruner refuses a model that a run is at work on, which stays as it is', async () => {
    const model = smallNetwork()
    const pruner = await gradualPruner(model, { density: 0.5, end: 1, every: 1 })
    const before = weightBits(model)
    const refused = /^Error: Cannot prune gradually: expected the model .+ to be free, got one that/
    await whileBusy(model, async () => {
      const begin = () => gradualPruner(model, { density: 0.25, end: 4, every: 1 })
      expect(await lateRefusalOf(begin)).toMatch(refused)
      expect(await lateRefusalOf(pruner.step)).toMatch(refused)
    })
    expect(weightBits(model)).toEqual(before)
    expect(await pruner.step()).toBe(true)
    pruner.dispose()
    model.dispose()
  })

  it('readWeights, maskOfZeros and compileSparse take the weights of one moment', async () => {
    const model = smallNetwork()
    assign(model, 0.25)
    const mask = maskOfZeros(model)
    const values = readWeights(model)
    const network = compileSparse(model)
    assign(model, 0)
    for (const one of Object.values(await values)) expect(new Set(one)).toEqual(new Set([0.25]))
    const { kept, density } = await mask
    expect([kept, density]).toEqual([184, 1])
    const { predict, dispose } = await network
    const [first] = predict(new Float32Array(6).fill(1)) as Float32Array
    expect(first).toBeGreaterThan(0)
    dispose()
    model.dispose()
  })
})
