import { dispose, io, type Optimizer, train } from '@tensorflow/tfjs-core'
import { gradualPruner, prune } from 'tfjs-prune'
import { beforeAll, describe, expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainByHand, trainingData } from '../support/training.js'
import { countAlive, countRevived, weightsByName } from '../support/weights.js'
import { fuse, fusedKinds, ownKinds, stateOf } from './support.js'

beforeAll(fuse)

const KINDS = Object.keys(ownKinds)
const quiet = { batchSize: 4, epochs: 2, shuffle: false, yieldEvery: 'never', verbose: 0 } as const

/** The same training with the optimizer of tfjs and with one that extends it. */
const both = <T>(kind: string, run: (optimizer: Optimizer) => Promise<T>): Promise<[T, T]> =>
  Promise.all([run(fusedKinds[kind]!()), run(ownKinds[kind]!())])

describe('training with fused steps', () => {
  test.each(KINDS)('model.fit gives the weights and the files of tfjs with %s', async (kind) => {
    const results = await both(kind, async (inner) => {
      const model = smallModel()
      const mask = everyFourth(model)
      applyMask(model, mask)
      const optimizer = maskedOptimizer(model, inner, mask)
      model.compile({ optimizer, loss: 'meanSquaredError' })
      const { xs, ys } = trainingData(40)
      await model.fit(xs, ys, quiet)
      let saved: io.ModelArtifacts | undefined
      const handler = io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      })
      await model.save(handler, { includeOptimizer: true })
      const outcome = [countRevived(model, mask), countAlive(model, mask) === mask.kept]
      const weights = weightsByName(model)
      const bytes = [...new Uint8Array(saved!.weightData as ArrayBuffer)]
      const state = await stateOf(optimizer)
      optimizer.dispose()
      dispose([xs, ys])
      return { weights, bytes, state, outcome }
    })
    expect(results[0]).toEqual(results[1])
    expect(results[0].outcome).toEqual([0, true])
  })

  test.each(KINDS)('a mask that shrinks is held as by tfjs with %s', async (kind) => {
    const results = await both(kind, async (inner) => {
      const model = smallModel()
      const pruner = await gradualPruner(model, { density: 0.1, begin: 2, end: 20, every: 3 })
      const optimizer = pruner.optimizer(inner)
      for (let done = 0; done < 24; done++) {
        trainByHand(model, optimizer, { steps: 1 })
        await pruner.step()
        expect(countRevived(model, pruner.mask)).toBe(0)
      }
      const [weights, state] = [weightsByName(model), await stateOf(optimizer)]
      optimizer.dispose()
      return { weights, state, kept: pruner.mask.kept }
    })
    expect(results[0]).toEqual(results[1])
  })

  test.each(KINDS)('the rounds of prune are those of tfjs with %s, clipped', async (kind) => {
    const data = imbalancedSamples()
    const runs = [fusedKinds[kind]!, ownKinds[kind]!].map(async (optimizer) => {
      const model = smallNetwork()
      const training = { optimizer, epochs: 3, clipNorm: 0.2 }
      const { rounds } = await prune(model, quickRun(data, { training, schedule: [1, 0.4, 0.1] }))
      expect(countRevived(model, rounds.at(-1)!.mask)).toBe(0)
      return { masks: rounds.map(({ mask }) => mask), weights: Object.values(weightsByName(model)) }
    })
    const [fused, own] = await Promise.all(runs)
    expect(fused!.masks).toEqual(own!.masks)
    for (const [i, weights] of fused!.weights.entries())
      for (const [at, value] of weights.entries())
        expect(Math.abs(value - own!.weights[i]![at]!)).toBeLessThan(1e-5)
    data.xs.dispose()
  })

  test('weights that were not pruned before the first step are 0 after it', () => {
    const model = smallModel()
    const mask = everyFourth(model)
    const weights = mask.weights.map((weight) => {
      const values = weight.values.map((_, i) => Number(i === 1))
      return { ...weight, values }
    })
    const few = createMask(weights, mask.parameters)
    const optimizer = maskedOptimizer(model, train.adam(0.01), few)
    expect(countRevived(model, few)).toBeGreaterThan(0)
    trainByHand(model, optimizer, { steps: 1 })
    expect(countRevived(model, few)).toBe(0)
    optimizer.dispose()
  })

  test('frozen weights and their slots stay', async () => {
    const results = await both('adam', async (inner) => {
      const model = smallModel()
      const mask = everyFourth(model)
      applyMask(model, mask)
      const optimizer = maskedOptimizer(model, inner, mask)
      trainByHand(model, optimizer, { steps: 2, form: 'minimize' })
      const frozen = modelWeights(model)[0]!.variable
      const before = [...frozen.dataSync()]
      Object.assign(frozen, { trainable: false })
      trainByHand(model, optimizer, { steps: 3, form: 'minimize' })
      expect([...frozen.dataSync()]).toEqual(before)
      const [weights, state] = [weightsByName(model), await stateOf(optimizer)]
      optimizer.dispose()
      return { weights, state }
    })
    expect(results[0]).toEqual(results[1])
  })
})
