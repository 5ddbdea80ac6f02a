import { describe, expect, test } from 'vitest'
import { certifyPositiveScores } from '../../../src/certify/positives/certify-positive-scores.js'
import type { PositivesLevel } from '../../../src/certify/positives/positives-plan.js'
import { formatRateCertificate } from '../../../src/certify/stored/format-rate-certificate.js'
import { parseRateCertificate } from '../../../src/certify/stored/parse-rate-certificate.js'
import { binomialCdf } from '../../../src/internal/binomial.js'
import { normalCdf } from '../../../src/internal/normal.js'
import { randomStream } from '../../../src/internal/random.js'
import { refusalOf } from '../../support/refusal-of.js'

const promise = { maximumFalseNegativeRate: 0.1, maximumAlarmRate: 0.3, confidence: 0.9 }
const { uniform } = randomStream(11)
const normals = (count: number, mean: number) =>
  Float64Array.from(
    { length: count },
    () => mean + Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
/** Positives lie `height` above the others; a tenth of the unlabelled samples are positive. */
const draw = (round: number, height: number): PositivesLevel => ({
  round,
  density: 0.5 ** round,
  tuning: normals(80, height),
  positives: normals(120, height),
  unlabelled: Float64Array.from([...normals(180, 0), ...normals(20, height)]),
})

describe('certifyPositiveScores', () => {
  test('certifyPositiveScores counts missed positives and alarms at the threshold', () => {
    const level = draw(0, 4)
    const { tested, promises } = certifyPositiveScores([level], promise)
    const { threshold, tests } = tested[0]!
    const missed = Array.from(level.positives).filter((score) => score < threshold).length
    const alarms = Array.from(level.unlabelled).filter((score) => score >= threshold).length
    expect(tests.map(({ events }) => events)).toEqual([missed, alarms])
    expect(tests[1]!.pValue).toBe(binomialCdf(alarms, 200, 0.3))
    expect(promises.map(({ samples }) => samples)).toEqual([120, 200])
    expect(Array.from(level.tuning)).toContain(threshold)
  })

  test('certifyPositiveScores fails where alarms are too many, and ends there', () => {
    const levels = [draw(0, 5), draw(1, 0.5), draw(2, 5)]
    const { accepted, tested, reason } = certifyPositiveScores(levels, promise)
    expect([accepted?.round, tested.length]).toEqual([0, 2])
    expect(reason).toMatch(/^round 1 has .+ alarms, p 1\.00 against 0\.1 .+ round 0 is the last/)
  })

  test('certifyPositiveScores breaks its promise in few of 400 simulations', () => {
    let [broken, passed] = [0, 0]
    for (let i = 0; i < 400; i++) {
      const options = { ...promise, maximumAlarmRate: 0.9, passProbability: 0.1 }
      const { accepted } = certifyPositiveScores([draw(0, 2)], options)
      if (!accepted) continue
      passed++
      if (normalCdf(accepted.threshold - 2) > 0.1) broken++
    }
    expect(passed).toBeGreaterThan(20)
    expect(broken).toBeLessThanOrEqual(58) // promised 40, and 3 standard deviations above
  })

  test('certifyPositiveScores goes through JSON and is printed, infinite scores included', () => {
    const level = draw(0, 4)
    const infinite = { ...level, tuning: new Array<number>(80).fill(Number.NEGATIVE_INFINITY) }
    for (const one of [level, infinite]) {
      const certificate = certifyPositiveScores([one], { ...promise, maximumAlarmRate: 0.4 })
      expect(parseRateCertificate(JSON.stringify(certificate))).toEqual(certificate)
    }
    const certificate = certifyPositiveScores([level], promise)
    expect(formatRateCertificate(certificate)).toContain(
      'P(share of missed positives > 0.1, or share of alarms > 0.3) <= 0.1',
    )
    const { threshold: _, ...rest } = certificate.tested[0]!
    const without = JSON.stringify({ ...certificate, tested: [rest], accepted: rest })
    expect(refusalOf(() => parseRateCertificate(without))).toMatch(/^TypeError: .+threshold/)
  })

  test('certifyPositiveScores refuses bad input', () => {
    const level = draw(0, 4)
    const refused = (more: object, options: object = {}) =>
      refusalOf(() => certifyPositiveScores([{ ...level, ...more }], { ...promise, ...options }))
    expect(refused({ positives: level.tuning })).toMatch(/ that are apart, got the same ones$/)
    expect(refused({ positives: [1, 2] })).toMatch(
      / at least 22 calibration samples for the missed positives, .+, got 2$/,
    )
    expect(refused({ unlabelled: [1] })).toMatch(/ at least 7 calibration samples for the alarms/)
    expect(refused({ tuning: [] })).toMatch(/^RangeError: .+ tuning scores, got none$/)
    expect(refused({ tuning: [Number.NaN] })).toMatch(/^RangeError: .+ tuning score 0/)
    expect(refused({ tuning: ['1'] })).toMatch(/^TypeError: .+ tuning score 0/)
    expect(refused({ unlabelled: undefined })).toMatch(/^TypeError: .+ a list of unlabelled/)
    expect(refused({}, { maximumAlarmRate: 1 })).toMatch(/^RangeError: .+ maximumAlarmRate/)
    const levels = [level, { ...draw(1, 4), positives: normals(50, 4) }]
    expect(refusalOf(() => certifyPositiveScores(levels, promise))).toMatch(
      /^TypeError: .+ 120 positives scores at each level, got 50$/,
    )
  })
})
