import { fill, memory, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { applyTrained, evaluateOn, prune, type Round } from 'tfjs-prune'
import {
  checkCertified,
  decisionThreshold,
  formatCertificate,
  parseCertificate,
  weightsFingerprint,
} from 'tfjs-prune/certify'
import { certifyFiles, compressedHandler, saveCompressed } from 'tfjs-prune/files'
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
const risks = {
  ...{ positiveClass: 1, maximumFalseNegativeRate: 0.1 },
  ...{ maximumFalsePositiveRate: 0.3, confidence: 0.95, types },
}
let data: Samples
let model: LayersModel
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(60)
  model = smallNetwork()
  const training = { epochs: 5 }
  rounds = (await prune(model, quickRun(data, { schedule: [1, 0.5], training }))).rounds
})
afterAll(() => {
  for (const one of [data.xs, model]) one.dispose()
})
let tuning: Samples
let calibration: Samples
beforeEach(() => {
  ;[tuning, calibration] = [imbalancedSamples(100, 3), imbalancedSamples(300, 2)]
})
afterEach(() => {
  for (const { xs } of [tuning, calibration]) xs.dispose()
})
const certified = (more: object = {}) =>
  certifyFiles(rounds, { ...risks, model, tuning, calibration, ...more })

describe('certifyFiles', () => {
  test('certifyFiles certifies the very file that is saved, and leaves the model as it was', async () => {
    const before = [weightBits(model), memory().numTensors]
    const { certificate, candidates } = await certified()
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    expect(candidates.map(({ round }) => round)).toEqual([0, 0, 0, 1, 1, 1])
    const { accepted } = certificate
    expect(accepted).not.toBeNull()
    expect(certificate.method).toBe('pareto')
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
    expect(formatCertificate(certificate)).toContain(
      `weights with the fingerprint ${accepted!.fingerprint}`,
    )

    const round = rounds.find((one) => one.round === accepted!.round)!
    const type = types.find((one) => one === accepted!.type)!
    const decision = { threshold: accepted!.threshold, positiveClass: 1, certificate }
    const files: Uint8Array<ArrayBuffer>[] = []
    const target = (file: Uint8Array<ArrayBuffer>) => void files.push(file)
    applyTrained(model, round)
    await saveCompressed(model, target, { type, mask: round.mask })
    await saveCompressed(model, target, { type, mask: round.mask, decision })
    expect(files[0]!.length).toBe(accepted!.bytes)
    const loaded = await loadLayersModel(compressedHandler(files[1]!))
    expect(decisionThreshold(loaded)).toEqual(decision)
    await checkCertified(loaded, certificate)
    expect(await weightsFingerprint(model)).not.toBe(accepted!.fingerprint)

    // The counts are those of the loaded file.
    const { scores, labels } = await evaluateOn(calibration, { positiveClass: 1 })(loaded)
    const missed = labels!.filter((label, i) => label === 1 && scores![i]! < accepted!.threshold)
    const alarms = labels!.filter((label, i) => label === 0 && scores![i]! >= accepted!.threshold)
    expect([missed.length, alarms.length]).toEqual([
      accepted!.falseNegatives,
      accepted!.falsePositives,
    ])
    loaded.dispose()
    applyTrained(model, rounds.at(-1)!)
  })

  test('certifyFiles tests files from the likeliest to the smallest', async () => {
    const { certificate, candidates } = await certified()
    const chances = certificate.tested.map(
      ({ round, type }) =>
        candidates.find((one) => one.round === round && one.type === type)!.chance,
    )
    expect(chances).toEqual([...chances].sort((a, b) => b - a))
    expect(chances[0]).toBe(Math.max(...candidates.map(({ chance }) => chance)))
  })

  test('certifyFiles tells its progress, and stops at a signal with the weights of before', async () => {
    const told: number[] = []
    await certified({ onProgress: (share: number) => told.push(share) })
    expect(told.at(-1)).toBe(1)
    expect(told).toEqual([...told].sort((a, b) => a - b))
    const before = weightBits(model)
    const controller = new AbortController()
    const stop = {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stop')),
    }
    await expect(certified({ ...stop, reusesCalibration: true })).rejects.toThrow('stop')
    expect(weightBits(model)).toEqual(before)
  })

  test('certifyFiles does not try the samples on weights that a run has put in for a while', async () => {
    const own = smallNetwork()
    const refusal = await whileBusy(own, () => {
      const spoilt = () => own.weights.map(({ shape }) => fill(shape as number[], Number.NaN))
      tidy(() => own.setWeights(spoilt()))
      return lateRefusalOf(() => certified({ model: own }))
    })
    expect(refusal).toMatch(/^Error: Cannot certify: expected the model .+ to be free/)
    own.dispose()
  })

  test('certifyFiles refuses copies of the calibration samples as tuning samples', async () => {
    const copy = imbalancedSamples(300, 2)
    expect(await lateRefusalOf(() => certified({ tuning: copy }))).toMatch(
      /^RangeError: .+ tuning and calibration samples that are apart, got the same ones$/,
    )
    const few = { tuning: { ...tuning, indices: [1] }, trainedOn: [2000] }
    const indices = Int32Array.from(calibration.ys, (_, i) => 100 + i)
    const indexed = { ...few, calibration: { ...calibration, indices } }
    expect(await lateRefusalOf(() => certified(indexed))).toMatch(
      /^TypeError: .+ an index for each of 100 tuning samples, got 1$/,
    )
    copy.xs.dispose()
  })

  test('certifyFiles refuses samples that overlap, are used up or too few, and types that are none', async () => {
    const refused = (more: object) => lateRefusalOf(() => certified(more))
    expect(await refused({ tuning: calibration })).toMatch(/^RangeError: .+ tuning samples apart/)
    expect(await refused({ tuning: undefined })).toMatch(/^TypeError: .+ expected tuning/)
    expect(await refused({ calibration: data })).toMatch(/^RangeError: .+ that nothing has seen/)
    expect(await refused({ types: ['int4'] })).toMatch(/^RangeError/)
    expect(await refused({ maximumFalseNegativeRate: 0.01 })).toMatch(/at least 299 calibration/)
    expect(await refused({ method: 'bonferroni' })).toMatch(/^TypeError: .+ got method/)
    await certified()
    expect(await refused({})).toMatch(/^RangeError: .+ that no certificate was made with/)
  })
})
