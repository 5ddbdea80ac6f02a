import { memory, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyTrained, prune, type Round } from 'tfjs-prune'
import { auditHarm, auditOutcomes, auditRounds, outcomesOf } from 'tfjs-prune/audit'
import { certify } from 'tfjs-prune/certify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'

let data: Samples
let model: LayersModel
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(60)
  model = smallNetwork()
  rounds = (await prune(model, quickRun(data, { schedule: [1, 0.5, 0.1] }))).rounds
})
afterAll(() => {
  for (const one of [data.xs, model]) one.dispose()
})

describe('outcomesOf', () => {
  it('outcomesOf gives the predictions and the log-odds of evaluateOn, and leaves no tensor', async () => {
    applyTrained(model, rounds[1]!)
    const before = memory().numTensors
    const outcomes = await outcomesOf(model, data)
    expect(memory().numTensors).toBe(before)
    const { labels, predictions, scores } = rounds[1]!.evaluation
    expect(outcomes).toMatchObject({ labels, predictions })
    scores!.forEach((score, i) => {
      expect(outcomes.logits![2 * i + 1]! - outcomes.logits![2 * i]!).toBeCloseTo(score, 10)
    })
  })

  it('outcomesOf decides by a threshold, in log-odds or as a probability', async () => {
    const { scores } = rounds[1]!.evaluation
    const middle = [...scores!].sort((a, b) => a - b)[30]!
    const threshold = { logOdds: middle }
    const { predictions, ...rest } = await outcomesOf(model, data, { positiveClass: 1, threshold })
    expect(rest).toMatchObject({ positiveClass: 1, threshold: middle })
    expect(Array.from(predictions)).toEqual(Array.from(scores!, (one) => Number(one >= middle)))
    const options = { positiveClass: 1, threshold: 0.75 }
    const { threshold: logOdds } = await outcomesOf(model, data, options)
    expect(logOdds).toBeCloseTo(Math.log(3), 12)
  })

  it('outcomesOf looks at one label of several', async () => {
    const head = layers.dense({ units: 3, activation: 'sigmoid', inputShape: [6] })
    const several = sequential({ layers: [head] })
    const ys = tensor2d(Array.from(data.ys, (label) => [0, label, 1]))
    const { labels, logits } = await outcomesOf(several, { xs: data.xs, ys }, { label: 1 })
    expect(Array.from(labels)).toEqual(Array.from(data.ys))
    expect(logits).toHaveLength(120)
    for (const one of [several, ys]) one.dispose()
  })

  it('outcomesOf refuses samples and options that do not fit the model', async () => {
    const late = (given: object, samples = data) =>
      lateRefusalOf(() => outcomesOf(model, samples, given))
    expect(await late({ threshold: 0.5 })).toBe(
      'TypeError: Cannot audit: expected positiveClass beside threshold, got none',
    )
    expect(await late({}, { xs: data.xs, ys: data.ys.map((label) => 3 * label) })).toBe(
      'RangeError: Cannot audit: expected class indices below 2, got 3',
    )
    expect(await late({ thresholds: 0.5 })).toMatch(/^TypeError/)
    expect(await late({ positiveClass: 1, threshold: { logOdds: Number.NaN } })).toMatch(
      /^RangeError/,
    )
    const nan = tensor2d(new Array(60).fill([0, 0, 0, 0, 0, Number.NaN]))
    expect(await late({}, { xs: nan, ys: data.ys })).toMatch(/^RangeError/)
    nan.dispose()
  })
})

describe('auditHarm', () => {
  it('auditHarm of rounds agrees with their evaluations, and leaves the model as it was', async () => {
    const before = [weightBits(model), memory().numTensors]
    const audit = await auditHarm(rounds[0]!, rounds[2]!, { model, data })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    const wanted = auditRounds({ rounds })
    expect(audit.byClass.map(({ difference }) => difference)).toEqual(
      wanted.byClass.map(({ difference }) => difference),
    )
    expect(audit.exemplars).toEqual(wanted.exemplars)
    const near = (got: number | null, value: number | null) => expect(got).toBeCloseTo(value!, 8)
    near(audit.byClass[1]!.pruned.distance, wanted.byClass[1]!.pruned.distance)
    near(audit.overall.pruned.calibrationError, wanted.overall.pruned.calibrationError)
    expect(audit.overall.pruned.distance).not.toBe(audit.overall.dense.distance)
  })

  it('auditHarm takes models, populations of them, and groups', async () => {
    const others = [smallNetwork(2), smallNetwork(3)]
    const groups = { half: Array.from(data.ys, (_, i) => (i < 30 ? 'first' : 'second')) }
    const before = memory().numTensors
    const audit = await auditHarm([model, rounds[0]!], others, { model, data, groups })
    expect(memory().numTensors).toBe(before)
    const [first, ...rest] = await Promise.all(
      [model, ...others].map((one) => outcomesOf(one, data)),
    )
    applyTrained(model, rounds[0]!)
    const dense = [first!, await outcomesOf(model, data)]
    expect(audit).toEqual(auditOutcomes(dense, rest, { groups }))
    expect(audit.byClass[0]!.impact).not.toBeNull()
    for (const one of others) one.dispose()
  })

  it('auditHarm uses its samples up for certificates', async () => {
    const own = imbalancedSamples(60, 4)
    await auditHarm(rounds[0]!, rounds[1]!, { model, data: own })
    const risks = { positiveClass: 1, confidence: 0.95 }
    const rates = { maximumFalseNegativeRate: 0.3, maximumFalsePositiveRate: 0.3 }
    const refusal = await lateRefusalOf(() =>
      certify(rounds, { model, calibration: own, ...risks, ...rates }),
    )
    expect(`${refusal}`).toMatch(/expected calibration samples that nothing has seen/)
    own.xs.dispose()
  })

  it('auditHarm gives the weights back when it fails or is stopped', async () => {
    const before = [weightBits(model), memory().numTensors]
    const signal = AbortSignal.abort(new Error('enough'))
    const given = { model, data, signal }
    await expect(auditHarm(rounds[0]!, rounds[2]!, given)).rejects.toThrow('enough')
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })

  it('auditHarm refuses rounds without a model or of another, and sides of two lengths', async () => {
    const late = (work: () => Promise<unknown>) => lateRefusalOf(work)
    expect(await late(() => auditHarm(rounds[0]!, rounds[1]!, { data }))).toBe(
      'TypeError: Cannot audit: expected model beside rounds, got none',
    )
    expect(await late(() => auditHarm(rounds, model, { model, data }))).toBe(
      'RangeError: Cannot audit: expected a pruned network for each of 3 dense ones, got 1',
    )
    const other = sequential({ layers: [layers.dense({ units: 2, inputShape: [6] })] })
    expect(await late(() => auditHarm(rounds[0]!, rounds[1]!, { model: other, data }))).toMatch(
      /^RangeError/,
    )
    other.dispose()
    const withoutData = { model } as never
    expect(await late(() => auditHarm(rounds[0]!, rounds[1]!, withoutData))).toMatch(/^TypeError/)
  })

  it('auditHarm refuses to compare a network with itself, and reads nothing', async () => {
    const cannot = 'RangeError: Cannot audit: expected another network as the pruned one, got'
    const given = { model, data: imbalancedSamples(60, 5) }
    expect(await lateRefusalOf(() => auditHarm(model, model, given))).toContain(
      `${cannot} one model on both sides: a model is pruned in place`,
    )
    const [dense, pruned] = [rounds[0]!, rounds[1]!]
    expect(await lateRefusalOf(() => auditHarm([dense, pruned], [pruned, pruned], given))).toBe(
      `${cannot} round 1 on both sides`,
    )
    given.data.xs.dispose()
  })
})
