import { fill, memory, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { evaluateOn, prune, type Round } from 'tfjs-prune'
import {
  checkCertified,
  decisionThreshold,
  likeliestThreshold,
  parseCertificate,
  weightsFingerprint,
} from 'tfjs-prune/certify'
import {
  compressedHandler,
  type NarrowestCertifyOptions,
  narrowest,
  saveCompressed,
} from 'tfjs-prune/files'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { whileBusy } from '../../../src/internal/busy-models.js'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../../prune/support.js'
import { lateRefusalOf } from '../../support/refusal-of.js'

const types = ['codebook4', 'int8', 'float32'] as const
const budget = { 1: Number.POSITIVE_INFINITY }
const risks = {
  ...{ positiveClass: 1, maximumFalseNegativeRate: 0.1 },
  ...{ maximumFalsePositiveRate: 0.3, confidence: 0.95 },
}
let data: Samples
let model: LayersModel
let kept: Round
beforeAll(async () => {
  data = imbalancedSamples(60)
  model = smallNetwork()
  const training = { epochs: 5 }
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5], training }))
  kept = rounds.at(-1)!
})
afterAll(() => {
  for (const one of [data.xs, model]) one.dispose()
})
let validation: Samples
let calibration: Samples
beforeEach(() => {
  ;[validation, calibration] = [imbalancedSamples(100, 3), imbalancedSamples(300, 2)]
})
afterEach(() => {
  for (const { xs } of [validation, calibration]) xs.dispose()
})

interface More {
  readonly certify?: Partial<NarrowestCertifyOptions>
  readonly [name: string]: unknown
}
const found = ({ certify, ...more }: More = {}, own = model) => {
  const evaluate = evaluateOn(validation, { positiveClass: 1 })
  return narrowest(own, {
    ...{ budget, evaluate, types, mask: kept.mask },
    certify: { ...risks, calibration, round: kept, ...certify },
    ...more,
  })
}

describe('narrowest, with a certificate', () => {
  test('narrowest certifies the very file that is saved, and leaves the model as it was', async () => {
    const before = [weightBits(model), memory().numTensors]
    const answer = await found()
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    if (!answer.decision) throw new Error(answer.reason)
    const { type, decision, certificate, table, reason } = answer
    expect(certificate).toBe(decision.certificate)
    const accepted = certificate!.accepted!
    expect([accepted.type, accepted.round, accepted.density]).toEqual([type, 1, kept.density])
    expect(table.find((trial) => trial.type === type)!.bytes).toBe(accepted.bytes)
    expect(reason).toMatch(/^\w+: \d+ false negatives? of class 1 .+; certificate: .+ passed/)
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)

    const files: Uint8Array<ArrayBuffer>[] = []
    const target = (file: Uint8Array<ArrayBuffer>) => void files.push(file)
    await saveCompressed(model, target, { type, mask: kept.mask, decision })
    const loaded = await loadLayersModel(compressedHandler(files[0]!))
    expect(decisionThreshold(loaded)).toEqual(decision)
    await checkCertified(loaded, certificate!)
    expect(await weightsFingerprint(loaded)).toBe(accepted.fingerprint)

    // The counts are those of the loaded file.
    const { scores, labels } = await evaluateOn(calibration, { positiveClass: 1 })(loaded)
    const missed = labels!.filter((label, i) => label === 1 && scores![i]! < accepted.threshold)
    const alarms = labels!.filter((label, i) => label === 0 && scores![i]! >= accepted.threshold)
    expect([missed.length, alarms.length]).toEqual([
      accepted.falseNegatives,
      accepted.falsePositives,
    ])
    loaded.dispose()
  })

  test('narrowest takes thresholds from the scores of evaluate, or from tuning samples', async () => {
    const counts = { positives: 60, negatives: 240 }
    const thresholdsOf = async (certify: object) => {
      const { certificate, table } = await found({ certify })
      const { type, threshold } = certificate!.tested[0]!
      return { threshold, ...table.find((trial) => trial.type === type)!.evaluation }
    }
    const first = await thresholdsOf({})
    const wanted = likeliestThreshold(first.labels!, first.scores!, { ...risks, ...counts })
    expect(first.threshold).toBe(wanted.threshold)
    const tuning = imbalancedSamples(120, 5)
    const other = await thresholdsOf({ tuning, reusesCalibration: true })
    expect(other.threshold).not.toBe(first.threshold)
    expect(other.scores!.length).toBe(100)
    tuning.xs.dispose()
  })

  test('narrowest tests types within the budget alone, from the largest to the smallest', async () => {
    const base = evaluateOn(validation, { positiveClass: 1 })
    let calls = 0
    // Measured in ascending order of bytes after the model itself: the smallest misses one more.
    const evaluate = Object.assign(async (one: LayersModel) => {
      const evaluation = await base(one)
      const { confusion } = evaluation
      const more = calls++ === 1 ? 1 : 0
      const falseNegatives = confusion.falseNegatives + more
      return { ...evaluation, confusion: { ...confusion, falseNegatives } }
    })
    const { confusion } = await base(model)
    const answer = await found({ evaluate, budget: confusion.falseNegatives })
    const [smallest, ...others] = answer.table
    expect(others.length).toBe(2)
    expect(smallest!.feasible).toBe(false)
    const tested = answer.certificate!.tested.map(({ bytes }) => bytes!)
    expect(tested).not.toContain(smallest!.bytes)
    expect(tested).toEqual([...tested].sort((a, b) => b - a))
    expect(others.map(({ bytes }) => bytes)).toContain(answer.certificate!.accepted!.bytes)
  })

  test('narrowest names no type where none is certified, tells the tests, and loses nothing', async () => {
    const before = weightBits(model)
    // The labels say the opposite: every positive is missed at a threshold from tuning samples.
    const turned = { xs: calibration.xs, ys: calibration.ys.map((label) => 1 - label) }
    const promise = { maximumFalseNegativeRate: 0.05, calibration: turned }
    const answer = await found({ certify: promise })
    expect([answer.feasible, answer.type, answer.decision]).toEqual([false, undefined, undefined])
    expect(answer.certificate!.accepted).toBeNull()
    expect(answer.certificate!.tested.length).toBe(1)
    expect(answer.table.map(({ feasible }) => feasible)).toEqual([true, true, true])
    expect(answer.reason).toMatch(/^within the budget: .+; no certificate: .+ nothing is promised$/)
    expect(weightBits(model)).toEqual(before)
  })

  test('narrowest uses up no calibration sample where no type is within the budget', async () => {
    const over = evaluateOn(validation, { positiveClass: 1 })
    const evaluate = async (one: LayersModel) => {
      const evaluation = await over(one)
      return { ...evaluation, confusion: { ...evaluation.confusion, falseNegatives: 1 } }
    }
    const none = await found({ budget: 0, evaluate })
    expect([none.feasible, none.certificate]).toEqual([false, undefined])
    expect((await found()).certificate!.accepted).not.toBeNull()
  })

  test('narrowest names round 0 and the density of the mask where no round is given', async () => {
    const { certificate } = await narrowest(model, {
      ...{ budget, types, mask: kept.mask },
      evaluate: evaluateOn(validation, { positiveClass: 1 }),
      certify: { ...risks, calibration },
    })
    const { round, density } = certificate!.tested[0]!
    expect([round, density]).toEqual([0, kept.mask.density])
  })

  test('narrowest tells its progress to the end of the tests, and stops with the weights of before', async () => {
    const told: number[] = []
    await found({ onProgress: (share: number) => told.push(share) })
    expect(told.at(-1)).toBe(1)
    expect(told.filter((share) => share === 1).length).toBe(1)
    expect(told).toEqual([...told].sort((a, b) => a - b))
    const before = weightBits(model)
    const controller = new AbortController()
    const onProgress = (share: number) => share > 0.8 && controller.abort(new Error('stop'))
    const stop = { signal: controller.signal, onProgress }
    const fresh = imbalancedSamples(300, 9)
    await expect(found({ ...stop, certify: { calibration: fresh } })).rejects.toThrow('stop')
    expect(weightBits(model)).toEqual(before)
    // The tests had not begun: the samples are as good as new.
    expect((await found({ certify: { calibration: fresh } })).feasible).toBe(true)
    fresh.xs.dispose()
  })

  test('narrowest leaves no tensors', async () => {
    const again = { reusesCalibration: true }
    await expect(() => found({ certify: again })).toLeaveNoTensors()
  })
})

describe('narrowest, with a certificate that it cannot make', () => {
  const refused = (more: More) => lateRefusalOf(() => found(more))

  test('narrowest refuses calibration samples that overlap others or are used up', async () => {
    expect(await refused({ certify: { calibration: data } })).toMatch(/that nothing has seen, got/)
    const tuning = calibration
    expect(await refused({ certify: { tuning } })).toMatch(/^RangeError: .+ tuning samples apart/)
    const evaluate = evaluateOn(calibration, { positiveClass: 1 })
    expect(await refused({ evaluate })).toMatch(/^RangeError: .+ that nothing has seen, got some/)
  })

  test('narrowest refuses copies of the samples of evaluate, and samples of an earlier certificate', async () => {
    const copy = imbalancedSamples(300, 2)
    const evaluate = evaluateOn(copy, { positiveClass: 1 })
    expect(await refused({ evaluate })).toMatch(
      /^RangeError: .+ tuning and calibration samples that are apart, got the same ones$/,
    )
    const used = imbalancedSamples(300, 4)
    await found({ certify: { calibration: used } })
    expect(await refused({ certify: { calibration: used } })).toMatch(
      /^RangeError: .+ that no certificate was made with/,
    )
    for (const { xs } of [copy, used]) xs.dispose()
  })

  test('narrowest refuses too few samples, and places that are among those trained on', async () => {
    const few = { maximumFalseNegativeRate: 0.01 }
    expect(await refused({ certify: few })).toMatch(/^RangeError: .+ at least 299 calibration/)
    const indices = Int32Array.from(calibration.ys, (_, i) => i)
    const placed = { calibration: { ...calibration, indices }, trainedOn: [7] }
    expect(await refused({ certify: placed })).toMatch(/^RangeError: .+ got 1 of 300 among trained/)
    expect((await found()).feasible).toBe(true)
  })

  test('narrowest refuses a certificate without a class, a promise or a way to thresholds', async () => {
    const bad = (certify: object) => refused({ certify: certify as More['certify'] & object })
    expect(await bad({ positiveClass: undefined })).toMatch(/^TypeError: .+ positiveClass/)
    expect(await bad({ positiveClass: 7 })).toMatch(/^RangeError: .+ positive class 7/)
    expect(await bad({ confidence: undefined })).toMatch(/^TypeError: .+ confidence/)
    expect(await bad({ calibration: undefined })).toMatch(/^TypeError: .+ calibration/)
    expect(await bad({ method: 'bonferroni' })).toMatch(/^TypeError: .+ got method/)
    expect(await bad({ round: 3 })).toMatch(/^TypeError: .+ expected a round as round, got 3$/)
    expect(await bad({ round: { round: 1, density: 2 } })).toMatch(/^RangeError: .+ round\.density/)
    const base = evaluateOn(validation, { positiveClass: 1 })
    const scoreless = async (one: LayersModel) => {
      const { scores: _, ...evaluation } = await base(one)
      return evaluation
    }
    expect(await refused({ evaluate: scoreless })).toMatch(
      /^TypeError: Cannot certify: expected tuning, or scores and labels/,
    )
    const negatives = evaluateOn(validation, { positiveClass: 0 })
    expect(await refused({ evaluate: negatives })).toMatch(/^RangeError: .+ with positiveClass 1/)
  })

  test('narrowest does not try the samples on weights that a run has put in for a while', async () => {
    const own = smallNetwork()
    const refusal = await whileBusy(own, () => {
      const spoilt = () => own.weights.map(({ shape }) => fill(shape as number[], Number.NaN))
      tidy(() => own.setWeights(spoilt()))
      return lateRefusalOf(() => found({}, own))
    })
    expect(refusal).toMatch(/^Error: Cannot certify: expected the model .+ to be free/)
    own.dispose()
  })

  test('narrowest refuses a certificate of a model without layers', async () => {
    const artifacts = { weightSpecs: [], weightData: new ArrayBuffer(0) }
    const evaluate = () => {
      throw new Error('it is not asked')
    }
    const options = { budget: 0, evaluate, certify: { ...risks, calibration } as never }
    expect(await lateRefusalOf(() => narrowest(artifacts, options))).toMatch(
      /^TypeError: .+ a LayersModel beside certify \(certifyFront .+\), got another source$/,
    )
  })
})
