import { memory, tensor2d, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyTrained, evaluateOn, fit, prune, type Round } from 'tfjs-prune'
import {
  certifyAgreement,
  certifyClasses,
  certifyPositives,
  decideClass,
  formatRateCertificate,
  parseRateCertificate,
} from 'tfjs-prune/certify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { weightBits } from '../../prune/support.js'
import { lateRefusalOf } from '../../support/refusal-of.js'

/** Three classes on a line, with noise; class 2 lies near class 1. */
function samples(count: number, phase: number) {
  const ys = Int32Array.from({ length: count }, (_, i) => i % 3)
  const xs = tensor2d(
    Array.from(ys, (label, i) => [[-3, 0, 2][label]! + 1.5 * Math.sin(i * i + phase), Math.sin(i)]),
  )
  return { xs, ys }
}

let data: ReturnType<typeof samples>
let model: LayersModel
let rounds: readonly Round[]
let tuning: ReturnType<typeof samples>
let calibration: ReturnType<typeof samples>
const promise = { maximumFalseNegativeRates: { 1: 0.2, 2: 0.2 }, confidence: 0.95 }
const options = () => ({ ...promise, model, tuning, calibration })
beforeAll(async () => {
  data = samples(90, 3)
  tuning = samples(300, 1)
  calibration = samples(450, 2)
  model = sequential({
    layers: [
      layers.dense({ units: 8, inputShape: [2], activation: 'relu' }),
      layers.dense({ units: 3 }),
    ],
  })
  rounds = (
    await prune(model, {
      train: fit(data, { optimizer: () => train.adam(0.1), epochs: 8, seed: 1 }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.6, 0.1],
    })
  ).rounds
})
afterAll(() => {
  for (const one of [data.xs, tuning.xs, calibration.xs, model]) one.dispose()
})

describe('certifyClasses', () => {
  it('certifyClasses tests the rule of decideClass and leaves the model as it was', async () => {
    const calibration = samples(450, 40)
    const before = [weightBits(model), memory().numTensors]
    const certificate = await certifyClasses(rounds, { ...options(), calibration })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    expect(certificate.tested.length).toBeGreaterThan(0)
    const first = certificate.tested[0]!
    applyTrained(model, rounds[0]!)
    const logits = model.predict(calibration.xs) as ReturnType<typeof tensor2d>
    const rows = (await logits.array()) as number[][]
    logits.dispose()
    const decided = rows.map((row) => {
      const largest = Math.max(...row)
      return decideClass(
        row.map((value) => Math.exp(value - largest)),
        first.weights,
      )
    })
    for (const [place, index] of [1, 2].entries()) {
      const misses = decided.filter((one, i) => calibration.ys[i] === index && one !== index)
      expect(first.tests[place]!.events).toBe(misses.length)
    }
  })

  it('certifyClasses takes softmaxes, and one sigmoid as two classes', async () => {
    for (const head of [
      { units: 3, activation: 'softmax' as const },
      { units: 1, activation: 'sigmoid' as const },
    ]) {
      const two = head.units === 1
      const binary = (one: ReturnType<typeof samples>) =>
        two ? { ...one, ys: one.ys.map((label) => Number(label > 0)) } : one
      const [own, first, second] = [50, 51, 52].map((phase) => binary(samples(300, phase)))
      const other = sequential({ layers: [layers.dense({ ...head, inputShape: [2] })] })
      const { rounds: dense } = await prune(other, {
        train: fit(own!, { optimizer: () => train.adam(0.1), epochs: 1, seed: 1 }),
        evaluate: evaluateOn(own!, { positiveClass: 1 }),
        schedule: [1],
      })
      const rates = { maximumFalseNegativeRates: { 1: 0.3 }, confidence: 0.95 }
      const splits = { tuning: first!, calibration: second! }
      const { tested } = await certifyClasses(dense, { model: other, ...splits, ...rates })
      const { weights, tests } = tested[0]!
      const outputs = other.predict(second!.xs) as ReturnType<typeof tensor2d>
      const rows = (await outputs.array()) as number[][]
      const decided = rows.map((row) => decideClass(two ? [1 - row[0]!, row[0]!] : row, weights))
      const misses = decided.filter((one, i) => second!.ys[i] === 1 && one !== 1).length
      expect([weights.length, tests[0]!.events]).toEqual([two ? 2 : 3, misses])
      for (const one of [own!.xs, first!.xs, second!.xs, outputs, other]) one.dispose()
    }
  })

  it('certifyClasses refuses splits that overlap', async () => {
    const refused = (more: object) =>
      lateRefusalOf(() => certifyClasses(rounds, { ...options(), ...more }))
    expect(await refused({ calibration: tuning })).toMatch(/^RangeError/)
    const fresh = samples(450, 9)
    const clone = { xs: fresh.xs.clone(), ys: fresh.ys }
    const apart = / expected tuning and calibration samples that are apart, got the same ones$/
    expect(await refused({ tuning: clone, calibration: fresh })).toMatch(apart)
    const places = (from: number, length: number) => Int32Array.from({ length }, (_, i) => from + i)
    const own = samples(450, 10)
    const indexed = {
      trainedOn: places(5000, 9),
      tuning: { ...tuning, indices: places(0, 300) },
      calibration: { ...own, indices: places(299, 450) },
    }
    expect(await refused(indexed)).toMatch(/ are apart, got 1 in both, the first of them 299$/)
    const moved = { ...tuning, indices: places(900, 300) }
    const trained = { ...indexed, tuning: moved, trainedOn: places(700, 100) }
    expect(await refused(trained)).toMatch(/ got 49 of 450 among trainedOn/)
    expect(await refused({ ...trained, tuning })).toMatch(
      /^TypeError: .+ tuning.indices as well, got calibration.indices only$/,
    )
    expect(await refused({ tuning: moved, calibration: own })).toMatch(
      /^TypeError: .+ calibration.indices as well, got tuning.indices only$/,
    )
    const odd = {
      ...trained,
      tuning: { ...tuning, indices: Float32Array.from(places(0, 300), (i) => i + 0.5) },
    }
    expect(await refused(odd)).toMatch(/ tuning.indices\[0\] to be a whole number .+, got 0.5$/)
    const few = { ...trained, tuning: { ...tuning, indices: [1] } }
    expect(await refused(few)).toMatch(
      /^TypeError: .+ an index for each of 300 tuning samples, got 1$/,
    )
    for (const one of [fresh, clone, own]) one.xs.dispose()
  })

  it('certifyClasses, certifyAgreement and certifyPositives leave samples unused where they looked at none', async () => {
    const [first, second, third] = [samples(450, 60), samples(450, 61), samples(450, 62)]
    const [inputs, unlabelled] = [{ xs: third.xs }, { xs: samples(300, 63).xs }]
    const calls = [
      (given: readonly Round[], more: object) =>
        certifyClasses(given, { ...options(), calibration: first, ...more }),
      (given: readonly Round[], more: object) =>
        certifyAgreement(given, {
          ...{ model, calibration: { xs: second.xs }, maximumDisagreement: 0.2, confidence: 0.95 },
          ...more,
        }),
      (given: readonly Round[], more: object) =>
        certifyPositives(given, {
          ...{ model, positiveClass: 2, tuning: { xs: tuning.xs }, calibration: inputs },
          ...{ maximumFalseNegativeRate: 0.9, maximumAlarmRate: 0.9, confidence: 0.95 },
          unlabelled,
          ...more,
        }),
    ]
    const stopped = { signal: AbortSignal.abort(new RangeError('stop')) }
    const wrong = [{ ...rounds[0]!, mask: {} }] as unknown as readonly Round[]
    for (const call of calls) {
      await expect(call(rounds, stopped)).rejects.toThrow('stop')
      expect(await lateRefusalOf(() => call(rounds, { batchSize: -1 }))).toMatch(
        /^RangeError: .+ batchSize to be a whole number of at least 1, got -1$/,
      )
      expect(await lateRefusalOf(() => call(wrong, {}))).toMatch(/Error: Cannot /)
      const fresh = await call(rounds, {})
      expect(await lateRefusalOf(() => call(rounds, {}))).toMatch(/ got used ones; /)
      const again = await call(rounds, { reusesCalibration: true })
      expect(again.voidedBy.at(-1)).toMatch(/ an earlier certificate, .+ same calibration samples$/)
      expect({ ...again, voidedBy: fresh.voidedBy }).toEqual(fresh)
      expect(parseRateCertificate(JSON.stringify(again))).toEqual(again)
      expect(formatRateCertificate(again)).toContain('an earlier certificate')
    }
    for (const one of [first, second, third, unlabelled]) one.xs.dispose()
  })

  it('certifyClasses refuses calibration samples that were seen, tuning samples included', async () => {
    const seen = { ...options(), tuning: calibration, calibration: data }
    expect(await lateRefusalOf(() => certifyClasses(rounds, seen))).toMatch(/^RangeError/)
    const [own, other] = [samples(450, 11), samples(450, 12)]
    await certifyClasses(rounds, { ...options(), tuning: own, calibration: other })
    const again = { ...options(), calibration: other }
    expect(await lateRefusalOf(() => certifyClasses(rounds, again))).toMatch(
      / expected calibration samples that no certificate was made with, got used ones; /,
    )
    const agreed = { model, maximumDisagreement: 0.2, confidence: 0.95 }
    const inputs = { xs: other.xs }
    expect(
      await lateRefusalOf(() => certifyAgreement(rounds, { ...agreed, calibration: inputs })),
    ).toMatch(/ got used ones; /)
    other.xs.dispose()
    const turned = { ...options(), calibration: own }
    expect(await lateRefusalOf(() => certifyClasses(rounds, turned))).toMatch(
      / expected calibration samples that nothing has seen/,
    )
    own.xs.dispose()
  })

  it('certifyClasses names classes without samples and classes of no model', async () => {
    const refused = (more: object) =>
      lateRefusalOf(() => certifyClasses(rounds, { ...options(), ...more }))
    expect(await refused({ maximumFalseNegativeRates: { 7: 0.1 } })).toMatch(
      / rates of the 3 classes, got class 7$/,
    )
    const two = { ...tuning, ys: tuning.ys.map((label) => label % 2) }
    expect(await refused({ tuning: two })).toMatch(/ tuning samples of class 2, got none$/)
    const { ys: _, ...unlabelled } = calibration
    expect(await refused({ calibration: unlabelled })).toMatch(/^TypeError: .+ expected ys as /)
    expect(await refused({ rounds })).toMatch(/^TypeError: .+ got rounds$/)
    expect(await refused({ model: {} })).toMatch(/^TypeError/)
  })
})

describe('certifyAgreement', () => {
  const agreed = () => ({
    model,
    calibration: { xs: calibration.xs },
    maximumDisagreement: 0.2,
    confidence: 0.95,
  })

  it('certifyAgreement counts classes that differ, and leaves no tensor', async () => {
    const own = samples(300, 20)
    const before = [weightBits(model), memory().numTensors]
    const { tested } = await certifyAgreement(rounds, { ...agreed(), calibration: { xs: own.xs } })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    const predictions: ArrayLike<number>[] = []
    for (const round of rounds.slice(0, 2)) {
      applyTrained(model, round)
      predictions.push((await evaluateOn(own, { positiveClass: 2 })(model)).predictions!)
    }
    const differing = Array.from(predictions[0]!).filter(
      (one, i) => one !== predictions[1]![i],
    ).length
    expect(tested[1]!.tests[0]!.events).toBe(differing)
    own.xs.dispose()
  })

  it('certifyAgreement compares alarms at the thresholds of the rounds', async () => {
    const own = samples(300, 21)
    const all = { ...agreed(), calibration: { xs: own.xs }, positiveClass: 2 }
    const fresh = { xs: samples(300, 23).xs }
    const none = await certifyAgreement(rounds, {
      ...all,
      calibration: fresh,
      thresholds: [-1e9, -1e9, -1e9],
    })
    expect(none.tested.map(({ tests }) => tests[0]!.events)).toEqual([0, 0, 0])
    const { tested } = await certifyAgreement(rounds, { ...all, thresholds: [-1e9, 1e9, 0] })
    expect(tested.map(({ tests }) => tests[0]!.events)).toEqual([0, 300])
    fresh.xs.dispose()
    own.xs.dispose()
  })

  it('certifyAgreement refuses labels, few samples and half of a threshold', async () => {
    const refused = (more: object) =>
      lateRefusalOf(() => certifyAgreement(rounds, { ...agreed(), ...more }))
    const few = samples(10, 22)
    expect(await refused({ calibration: few })).toMatch(/^TypeError: .+ nothing else, got ys$/)
    expect(await refused({ calibration: { xs: few.xs } })).toMatch(/ at least 14 calibration /)
    expect(await refused({ thresholds: [0, 0, 0] })).toMatch(/ positiveClass as well/)
    expect(await refused({ thresholds: [0, '1', 0], positiveClass: 2 })).toMatch(
      /^TypeError: .+ finite thresholds, got "1" at 1$/,
    )
    expect(await refused({ thresholds: [0], positiveClass: 2 })).toMatch(/ 3 thresholds, .+ got 1$/)
    expect(await refused({ thresholds: [0, 0, 0], positiveClass: 3 })).toMatch(
      /^RangeError: .+ below the 3 classes/,
    )
    few.xs.dispose()
  })
})

describe('certifyPositives', () => {
  /** Samples of class 2 alone. */
  const positives = (count: number, phase: number) => {
    const { xs, ys } = samples(3 * count, phase)
    const rows = xs.arraySync().filter((_, i) => ys[i] === 2)
    xs.dispose()
    return { xs: tensor2d(rows) }
  }

  it('certifyPositives tests the log-odds of certify, and leaves the model as it was', async () => {
    const [own, other] = [positives(80, 30), positives(100, 31)]
    const all = samples(300, 32)
    const before = [weightBits(model), memory().numTensors]
    const given = { model, positiveClass: 2, tuning: own, calibration: other }
    const rates = { maximumFalseNegativeRate: 0.1, maximumAlarmRate: 0.9, confidence: 0.95 }
    const unlabelled = { xs: all.xs }
    const { tested } = await certifyPositives(rounds, { ...given, ...rates, unlabelled })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    applyTrained(model, rounds[0]!)
    const { scores } = await evaluateOn(all, { positiveClass: 2 })(model)
    const alarms = Array.from(scores!).filter((score) => score >= tested[0]!.threshold)
    expect(Math.abs(tested[0]!.tests[1]!.events - alarms.length)).toBeLessThanOrEqual(1) // rounding
    const refused = (more: object) =>
      lateRefusalOf(() => certifyPositives(rounds, { ...given, ...rates, unlabelled, ...more }))
    expect(await refused({})).toMatch(/ that no certificate was made with, got used ones; /)
    const [fresh, third] = [{ xs: samples(300, 33).xs }, positives(100, 34)]
    expect(await refused({ unlabelled: fresh, tuning: third, calibration: third })).toMatch(
      / tuning and calibration samples that are apart/,
    )
    expect(await refused({ positiveClass: 3 })).toMatch(/ below the 3 classes/)
    for (const one of [own, other, all, fresh, third]) one.xs.dispose()
  })
})
