import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certifyScores, type ScoredLevel } from '../../src/certify/certify-scores.js'
import { chanceToPass } from '../../src/certify/chance-to-pass.js'
import { formatCertificate } from '../../src/certify/format-certificate.js'
import { likeliestThreshold } from '../../src/certify/likeliest-threshold.js'
import { parseCertificate } from '../../src/certify/parse-certificate.js'
import { positivesNeeded } from '../../src/certify/positives-needed.js'
import { provableRate } from '../../src/certify/provable-rate.js'
import { binomialCdf } from '../../src/internal/binomial.js'
import { randomStream } from '../../src/internal/random.js'
import golden from '../golden/certificate.json'
import { refusalOf } from '../support/refusal-of.js'

const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.2, confidence: 0.95 }
const options = { positiveClass: 1, method: 'fixed-sequence' as const, ...promise }
/** 100 positives and 100 negatives; the first `missed` positives and `alarms` negatives err at 0. */
const level = (round: number, missed: number, alarms: number): ScoredLevel => {
  const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(i < 100))
  const scores = Float64Array.from(labels, (label, i) =>
    label === 1 ? (i < missed ? -1 : 1) : i - 100 < alarms ? 1 : -1,
  )
  return { round, density: 0.5 ** round, labels, scores, threshold: 0 }
}

describe('certifyScores by a fixed sequence', () => {
  test('certifyScores tests both rates at the whole error, until the first failure', () => {
    const certificate = certifyScores(
      [level(0, 0, 0), level(1, 1, 14), level(2, 2, 0), level(3, 0, 0)],
      options,
    )
    expect(certificate).toMatchObject({ method: 'fixed-sequence', levels: 4 })
    expect(certificate).toMatchObject({ mostFalseNegatives: 1, mostFalsePositives: 13 })
    expect(certificate.tested.map(({ passed }) => passed)).toEqual([true, false])
    expect(certificate.tested[1]).toMatchObject({ falseNegatives: 1, falsePositives: 14 })
    expect(certificate.tested[1]!.falseNegativePValue).toBeCloseTo(binomialCdf(1, 100, 0.05), 14)
    expect(certificate.reason).toMatch(
      /^round 1 takes 14 of 100 negatives for positives, p .+ against 0.05 .+ round 0 is the last/,
    )
    const misses = certifyScores([level(0, 2, 14)], options)
    expect(misses.accepted).toBeNull()
    expect(misses.reason).toMatch(/^round 0 misses 2 of 100 positives, .+ and takes 14 of 100/)
  })

  test('certifyScores says the joint promise', () => {
    const text = formatCertificate(certifyScores([level(0, 0, 0)], options))
    expect(text).toContain(
      'P(false-negative rate of class 1 > 0.05 or false-positive rate > 0.2) <= 0.05',
    )
    const alone = formatCertificate(
      certifyScores([{ ...level(0, 0, 0), threshold: undefined as never }], {
        ...options,
        method: 'bonferroni',
      }),
    )
    expect(alone).not.toContain(' or false-positive rate')
  })

  const errors = fc.array(fc.tuple(fc.nat(4), fc.nat(16)), { minLength: 1, maxLength: 6 })

  test('certifyScores decides earlier levels alike when a sparser one is added', () => {
    fc.assert(
      fc.property(errors, fc.nat(4), (list, missed) => {
        const levels = list.map(([fn, fp], round) => level(round, fn, fp))
        const longer = [...levels, level(list.length, missed, 0)]
        const [short, long] = [levels, longer].map((all) => certifyScores(all, options).tested)
        expect(long!.slice(0, short!.length)).toEqual(short)
      }),
    )
  })

  test('certifyScores does not depend on the order of samples', () => {
    const order = fc.shuffledSubarray([...Array(200).keys()], { minLength: 200, maxLength: 200 })
    fc.assert(
      fc.property(errors, order, (list, places) => {
        const levels = list.map(([fn, fp], round) => level(round, fn, fp))
        const moved = levels.map((one) => ({
          ...one,
          labels: places.map((i) => one.labels[i]!),
          scores: places.map((i) => one.scores[i]!),
        }))
        expect(certifyScores(moved, options)).toEqual(certifyScores(levels, options))
      }),
      { numRuns: 30 },
    )
  })

  test('certifyScores refuses a threshold that is missing, infinite or of the other method', () => {
    const { threshold: _, ...bare } = level(0, 0, 0)
    expect(refusalOf(() => certifyScores([bare], options))).toBe(
      'TypeError: Cannot certify: expected the threshold of round 0 to be a finite number, got undefined',
    )
    expect(refusalOf(() => certifyScores([{ ...bare, threshold: Number.NaN }], options))).toMatch(
      /^RangeError: .+ threshold of round 0/,
    )
    expect(
      refusalOf(() => certifyScores([level(0, 0, 0)], { ...options, method: 'bonferroni' })),
    ).toMatch(/^TypeError: .+ no threshold of round 0, got 0 for bonferroni/)
    expect(
      refusalOf(() => certifyScores([level(0, 0, 0)], { ...options, method: 'holm' as never })),
    ).toMatch(/^RangeError: .+ method to be 'bonferroni' or 'fixed-sequence', got "holm"/)
  })
})

describe('parseCertificate of a fixed sequence', () => {
  const certificate = certifyScores([level(0, 0, 0), level(1, 1, 5), level(2, 2, 0)], options)
  const refused = (change: object) =>
    refusalOf(() => parseCertificate(JSON.stringify({ ...certificate, ...change })))

  test('parseCertificate gives back the certificate that was written', () => {
    expect(certificate.accepted?.round).toBe(1)
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
  })

  test.each<[string, object]>([
    ['another method', { method: 'bonferroni' }],
    ['a method that is none', { method: 'holm' }],
    ['more misses allowed', { mostFalseNegatives: 2 }],
    ['more false alarms allowed', { mostFalsePositives: 14 }],
    [
      'a failed level that passes',
      { tested: certificate.tested.map((one) => ({ ...one, passed: true })) },
    ],
    [
      'a better p-value of the misses',
      { tested: certificate.tested.map((one) => ({ ...one, falseNegativePValue: 0.001 })) },
    ],
    ['a file', { tested: certificate.tested.map((one) => ({ ...one, type: 'int8', bytes: 9 })) }],
    ['a fingerprint that is none', { accepted: { ...certificate.accepted, fingerprint: 'abc' } }],
    ['the fact about tuning samples left out', { voidedBy: certificate.voidedBy.slice(0, 4) }],
  ])('parseCertificate refuses %s', (_, change) => {
    expect(refused(change)).toMatch(/^RangeError: Cannot read the certificate/)
  })
})

describe('the planner of a fixed sequence', () => {
  test('positivesNeeded and provableRate do not pay for levels', () => {
    const { maximumFalseNegativeRate, confidence } = promise
    for (const levels of [1, 7, 100]) {
      const method = { levels, method: 'fixed-sequence' as const }
      expect(positivesNeeded({ maximumFalseNegativeRate, confidence, ...method })).toBe(59)
      expect(provableRate({ positives: 59, confidence, ...method })).toBeCloseTo(0.0495, 4)
    }
  })

  test('chanceToPass agrees with SciPy', () => {
    for (const { samples, rate, maximumRate, delta, chance } of golden.chances) {
      const got = chanceToPass({ sampleCount: samples, rate, maximumRate, confidence: 1 - delta })
      expect(Math.abs(got - chance)).toBeLessThan(1e-9 * chance + 1e-300)
    }
  })

  test('chanceToPass refuses a rate outside of [0, 1]', () => {
    const planned = { sampleCount: 59, maximumRate: 0.05, confidence: 0.95 }
    expect(refusalOf(() => chanceToPass({ ...planned, rate: 1.1 }))).toMatch(/^RangeError: .+ rate/)
    expect(refusalOf(() => chanceToPass({ ...planned, rate: 0, sampleCount: -1 }))).toMatch(
      /^RangeError: .+ sampleCount/,
    )
  })
})

describe('likeliestThreshold', () => {
  const counts = { positives: 100, negatives: 100 }
  const choose = (positives: readonly number[], negatives: readonly number[], more = counts) =>
    likeliestThreshold(
      [...positives.map(() => 1), ...negatives.map(() => 0)],
      [...positives, ...negatives],
      { positiveClass: 1, ...promise, ...more },
    )
  const { uniform } = randomStream(7)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const around = (mean: number, count: number) =>
    Array.from({ length: count }, () => mean + normal())

  test('likeliestThreshold lies between classes that stand apart', () => {
    const { threshold, chance } = choose([10, 11, 12, 13], [0, 1, 2, 3])
    expect(threshold).toBeGreaterThan(4)
    expect(threshold).toBeLessThan(9)
    expect(chance).toBeGreaterThan(0.9)
    expect(choose([1, 1], [0, 0])).toEqual({ threshold: 0.5, chance: 1 })
  })

  test('likeliestThreshold lies below the lowest positive where not one may be missed', () => {
    const [positives, negatives] = [around(4, 60), around(0, 300)]
    const { threshold } = choose(positives, negatives, { positives: 59, negatives: 300 })
    expect(threshold).toBeLessThan(Math.min(...positives))
    expect(threshold).toBeGreaterThan(0.5)
  })

  test('likeliestThreshold passes nearly as often as the best threshold of the true classes', () => {
    const passes = (threshold: number) => {
      const [positives, negatives] = [around(4, 100), around(0, 100)]
      const missed = positives.filter((score) => score < threshold).length
      return missed <= 1 && negatives.filter((score) => score >= threshold).length <= 12
    }
    let [tuned, best] = [0, 0]
    for (let i = 0; i < 200; i++) {
      const { threshold } = choose(around(4, 60), around(0, 100))
      tuned += Number(passes(threshold))
      best += Number(passes(1.4))
    }
    expect(best).toBeGreaterThan(160)
    expect(tuned).toBeGreaterThan(0.9 * best)
  })

  test('likeliestThreshold moves with the scores', () => {
    const [positives, negatives] = [around(3, 50), around(0, 50)]
    const { threshold, chance } = choose(positives, negatives)
    const moved = (score: number) => 8 * score - 64
    const other = choose(positives.map(moved), negatives.map(moved))
    expect(other.threshold).toBeCloseTo(moved(threshold), 6)
    expect(other.chance).toBeCloseTo(chance, 9)
  })

  test('likeliestThreshold takes infinite and huge scores', () => {
    const extremes = [
      choose([Infinity, Infinity], [-Infinity, -Infinity]),
      choose([Infinity, ...around(9, 50)], [-Infinity, ...around(0, 50)]),
      choose([1e300, Number.MAX_VALUE], [-1e300, 0]),
    ]
    for (const { threshold, chance } of extremes) {
      expect(Number.isFinite(threshold)).toBe(true)
      expect(chance).toBeGreaterThan(0.5)
    }
  })

  test('likeliestThreshold gives a chance of 0 where no count can pass', () => {
    expect(choose([3, 4], [0, 1], { positives: 20, negatives: 100 }).chance).toBe(0)
  })

  test('likeliestThreshold refuses an empty side', () => {
    expect(refusalOf(() => choose([], [1]))).toBe(
      'RangeError: Cannot choose the likeliest threshold: expected tuning samples of class 1, got none',
    )
    expect(refusalOf(() => choose([1], []))).toContain('classes other than 1, got none')
  })
})
