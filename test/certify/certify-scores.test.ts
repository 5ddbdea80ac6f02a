import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certifyScores, type ScoredLevel } from '../../src/certify/certify-scores.js'
import { formatCertificate } from '../../src/certify/format-certificate.js'
import { negativesNeeded } from '../../src/certify/negatives-needed.js'
import {
  neymanPearsonOrder,
  neymanPearsonThreshold,
} from '../../src/certify/neyman-pearson-threshold.js'
import { parseCertificate } from '../../src/certify/parse-certificate.js'
import { positivesNeeded } from '../../src/certify/positives-needed.js'
import { provableRate } from '../../src/certify/provable-rate.js'
import { errorOf, symbolsOf } from '../../src/certify/risks.js'
import { binomialCdf } from '../../src/internal/binomial.js'
import golden from '../golden/certificate.json'
import { refusalOf } from '../support/refusal-of.js'

const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.05,
  maximumFalsePositiveRate: 0.1,
  confidence: 0.95,
}
const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
/** Scores at which the positives lie this much above the negatives, which run from 0 to 99. */
const level = (round: number, gap: number): ScoredLevel => {
  const scores = Float64Array.from(labels, (label, i) => Math.floor(i / 2) + gap * label)
  return { round, density: 0.5 ** round, labels, scores }
}

describe('positivesNeeded', () => {
  test.each([
    [0.05, 97],
    [0.02, 245],
    [0.01, 492],
  ])('positivesNeeded over seven levels at alpha %f is %i', (alpha, needed) => {
    expect(positivesNeeded({ maximumFalseNegativeRate: alpha, confidence: 0.95, levels: 7 })).toBe(
      needed,
    )
  })

  test('positivesNeeded agrees with SciPy', () => {
    for (const { alpha, delta, levels, positives } of golden.needed) {
      expect(
        positivesNeeded({ maximumFalseNegativeRate: alpha, confidence: 1 - delta, levels }),
      ).toBe(positives)
      if (levels === 1)
        expect(negativesNeeded({ maximumFalsePositiveRate: alpha, confidence: 1 - delta })).toBe(
          positives,
        )
    }
  })

  test('positivesNeeded is the first number with a rank', () => {
    const share = fc.double({ min: 1e-4, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 20 }), (alpha, confidence, levels) => {
        const delta = errorOf(confidence)
        const needed = positivesNeeded({ maximumFalseNegativeRate: alpha, confidence, levels })
        expect(neymanPearsonOrder(needed, { alpha, delta: delta / levels })).toBeGreaterThan(0)
        expect(neymanPearsonOrder(needed - 1, { alpha, delta: delta / levels })).toBe(0)
      }),
    )
  })

  test('positivesNeeded refuses what is outside', () => {
    const refused = (options: object) =>
      refusalOf(() =>
        positivesNeeded({ maximumFalseNegativeRate: 0.1, confidence: 0.9, ...options }),
      )
    expect(refused({ maximumFalseNegativeRate: 0 })).toMatch(
      /^RangeError: Cannot plan the positives: expected maximumFalseNegativeRate/,
    )
    expect(refused({ confidence: 1 })).toMatch(
      /^RangeError: Cannot plan the positives: expected confidence/,
    )
    expect(refused({ levels: 0 })).toMatch(
      /^RangeError: Cannot plan the positives: expected levels/,
    )
    expect(refused({ maximumFalseNegativeRate: '0.1' })).toMatch(/^TypeError/)
    expect(
      refusalOf(() => negativesNeeded({ maximumFalsePositiveRate: 2, confidence: 0.9 })),
    ).toMatch(/^RangeError: .+ expected maximumFalsePositiveRate/)
  })
})

describe('provableRate', () => {
  test('provableRate is the rate that takes just so many positives', () => {
    const share = fc.double({ min: 1e-3, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(
        share,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 20 }),
        (confidence, positives, levels) => {
          const delta = errorOf(confidence)
          const alpha = provableRate({ positives, confidence, levels })
          expect(Math.abs((1 - alpha) ** positives / (delta / levels) - 1)).toBeLessThan(1e-9)
          fc.pre(alpha < 1 - 1e-9 && alpha > 1e-6)
          expect(
            positivesNeeded({ maximumFalseNegativeRate: alpha * (1 + 1e-9), confidence, levels }),
          ).toBeLessThanOrEqual(positives)
          expect(
            positivesNeeded({ maximumFalseNegativeRate: alpha * (1 - 1e-9), confidence, levels }),
          ).toBeGreaterThan(positives - 1)
        },
      ),
    )
  })

  test('provableRate without positives proves nothing', () => {
    expect(provableRate({ positives: 0, confidence: 0.95 })).toBe(1)
  })

  test('provableRate refuses what is outside', () => {
    const refused = (options: object) =>
      refusalOf(() => provableRate({ positives: 5, confidence: 0.9, ...options }))
    expect(refused({ positives: 1.5 })).toMatch(
      /^RangeError: Cannot plan the rate: expected positives/,
    )
    expect(refused({ confidence: 0 })).toMatch(
      /^RangeError: Cannot plan the rate: expected confidence/,
    )
    expect(refused({ levels: 0 })).toMatch(/^RangeError: Cannot plan the rate: expected levels/)
    expect(refused({ alpha: 0.1 })).toMatch(
      /^TypeError: .+ expected options among positives, confidence, levels, method, got alpha/,
    )
  })
})

describe('neymanPearsonThreshold', () => {
  const { maximumFalsePositiveRate: _, ...oneRisk } = risks

  test('neymanPearsonOrder agrees with SciPy', () => {
    for (const { positives, alpha, delta, levels, order } of golden.orders) {
      expect(neymanPearsonOrder(positives, { alpha, delta: delta / levels })).toBe(order)
    }
  })

  test('neymanPearsonThreshold takes the score of that rank among the positives', () => {
    const { threshold, order } = neymanPearsonThreshold(labels, level(0, 1000).scores, oneRisk)
    expect([threshold, order]).toEqual([
      1000 + order - 1,
      neymanPearsonOrder(100, symbolsOf(risks)),
    ])
  })

  test('neymanPearsonThreshold names the number of positives needed', () => {
    expect(refusalOf(() => neymanPearsonThreshold([1, 0], [1, 0], oneRisk))).toBe(
      'RangeError: Cannot choose a threshold: expected at least 59 positives, got 1',
    )
  })
})

describe('certifyScores', () => {
  test('certifyScores accepts the last level that passes and tests none after the first that fails', () => {
    const certificate = certifyScores(
      [level(0, 1000), level(1, 99), level(2, 20), level(3, 1000)],
      risks,
    )
    expect(certificate.tested.map(({ passed }) => passed)).toEqual([true, true, false])
    expect(certificate.accepted).toEqual(certificate.tested[1])
    expect(certificate).toMatchObject({
      levels: 4,
      positives: 100,
      negatives: 100,
      mostFalseNegatives: 0,
    })
    expect(certificate.tested[1]).toMatchObject({
      threshold: 99,
      falseNegatives: 0,
      falsePositives: 1,
    })
    expect(certificate.tested[1]!.falsePositivePValue).toBeCloseTo(binomialCdf(1, 100, 0.1), 14)
    expect(certificate.reason).toMatch(
      /round 2 takes .+ of 100 negatives .+ round 1 is the last that passed$/,
    )
  })

  test('certifyScores accepts nothing when the dense level fails', () => {
    const certificate = certifyScores([level(0, 0), level(1, 1000)], risks)
    expect(certificate.accepted).toBeNull()
    expect(certificate.reason).toContain('nothing is promised')
    expect(formatCertificate(certificate)).toMatch(/^REFUSED/)
  })

  test('certifyScores tests the negatives by the exact binomial', () => {
    for (const { falsePositives, negatives, beta, pValue } of golden.pValues) {
      expect(binomialCdf(falsePositives, negatives, beta) / pValue).toBeCloseTo(1, 10)
    }
  })

  test('certifyScores finds all tied positives', () => {
    const scores = Float64Array.from(labels)
    const { accepted } = certifyScores([{ round: 0, density: 1, labels, scores }], risks)
    expect(accepted).toMatchObject({ threshold: 1, falseNegatives: 0, falsePositives: 0 })
  })

  test('certifyScores counts negatives tied with the threshold as false positives', () => {
    const scores = new Float64Array(200)
    const { tested } = certifyScores([{ round: 0, density: 1, labels, scores }], risks)
    expect(tested[0]).toMatchObject({
      threshold: 0,
      falsePositives: 100,
      falsePositivePValue: 1,
      passed: false,
    })
  })

  test('certifyScores takes infinite scores as the largest, so that JSON can hold the threshold', () => {
    const scores = Float64Array.from(labels, (label) => (label ? Infinity : -Infinity))
    const certificate = certifyScores([{ round: 0, density: 1, labels, scores }], risks)
    expect(certificate.accepted?.threshold).toBe(Number.MAX_VALUE)
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
    const none = certifyScores(
      [{ round: 0, density: 1, labels, scores: scores.fill(-Infinity) }],
      risks,
    )
    expect(none.accepted).toBeNull()
  })

  const one = level(0, 1000)
  const two = [one, { ...one, round: 1 }]
  test.each<[string, () => unknown, RegExp]>([
    [
      'no list',
      () => certifyScores('x' as never, risks),
      /^TypeError: .+ a list of rounds, got string/,
    ],
    ['no level', () => certifyScores([], risks), /^RangeError: .+ at least one round, got none/],
    [
      'densities that rise',
      () =>
        certifyScores(
          [
            { ...one, density: 0.5 },
            { ...one, round: 1 },
          ],
          risks,
        ),
      /^RangeError: .+ \(0, 0.5\]/,
    ],
    [
      'two levels of one round',
      () => certifyScores([one, { ...one, density: 0.5 }], risks),
      /^RangeError: Cannot certify: expected a round after 0 at 1, got 0$/,
    ],
    [
      'a round that is a text',
      () => certifyScores([{ ...one, round: '1' as never }], risks),
      /^TypeError: Cannot certify: expected the number of a round, got "1"$/,
    ],
    [
      'a density that is a text',
      () => certifyScores([{ ...one, density: '1' as never }], risks),
      /^TypeError: Cannot certify: expected a density .+, got "1"$/,
    ],
    [
      'a level that is none',
      () => certifyScores([null as never], risks),
      /^TypeError: Cannot certify: expected a round at 0, got null$/,
    ],
    [
      'NaN as a score',
      () =>
        certifyScores([{ ...one, scores: one.scores.length ? Array(200).fill(NaN) : [] }], risks),
      /^RangeError: .+ score 0 to be a number, got NaN/,
    ],
    [
      'too few scores',
      () => certifyScores([{ ...one, scores: [1] }], risks),
      /^TypeError: .+ as many scores as labels/,
    ],
    [
      'labels that are no class',
      () => certifyScores([{ ...one, labels: Array(200).fill(0.5) }], risks),
      /^RangeError: .+ label 0/,
    ],
    [
      'other labels later',
      () => certifyScores([two[0]!, { ...two[1]!, labels: labels.map((x) => 1 - x) }], risks),
      /^RangeError: .+ label 0 to be 0 at each level, got 1/,
    ],
    [
      'no positives',
      () => certifyScores([{ ...one, labels: labels.map(() => 0) }], risks),
      /^RangeError: .+ at least 59 calibration samples of the positive class 1 .+ got 0/,
    ],
    [
      'no negatives',
      () => certifyScores([{ ...one, labels: labels.map(() => 1) }], risks),
      /^RangeError: .+ at least 29 calibration samples of other classes .+ got 0/,
    ],
    [
      'a false-negative rate of 0',
      () => certifyScores([one], { ...risks, maximumFalseNegativeRate: 0 }),
      /^RangeError: .+ maximumFalseNegativeRate/,
    ],
    [
      'a false-positive rate of 1',
      () => certifyScores([one], { ...risks, maximumFalsePositiveRate: 1 }),
      /^RangeError: .+ maximumFalsePositiveRate/,
    ],
    [
      'a confidence of NaN',
      () => certifyScores([one], { ...risks, confidence: Number.NaN }),
      /^RangeError: .+ confidence/,
    ],
    [
      'a confidence as a text',
      () => certifyScores([one], { ...risks, confidence: '0.1' as never }),
      /^TypeError: .+ confidence/,
    ],
    [
      'too many levels for the positives',
      () =>
        certifyScores(
          Array.from({ length: 10 }, (_unused, round) => ({ ...one, round })),
          risks,
        ),
      /^RangeError: .+ at least 104 .+ 10 levels, got 100/,
    ],
  ])('certifyScores refuses %s', (_, run, message) => {
    expect(refusalOf(run)).toMatch(message)
  })
})

describe('certifyScores and its certificates', () => {
  test('certifyScores refuses a fingerprint of another form, and leaves out facts of files', () => {
    const given = (more: object) => certifyScores([{ ...level(0, 1000), ...more }], risks)
    expect(refusalOf(() => given({ fingerprint: 'abc' }))).toMatch(
      /^RangeError: .+ 16 hexadecimal digits at fingerprint of round 0, got "abc"$/,
    )
    expect(refusalOf(() => given({ fingerprint: 3 }))).toMatch(/^TypeError: .+ of round 0, got 3$/)
    const certificate = given({ type: 'int8', bytes: 10, fingerprint: '0123456789abcdef' })
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
    expect(certificate.accepted).toMatchObject({ fingerprint: '0123456789abcdef' })
    expect(certificate.accepted).not.toHaveProperty('bytes')
  })
})

describe('errorOf', () => {
  test('errorOf leaves out made-up digits, and is never larger but for the rounding of the confidence', () => {
    expect([0.9, 0.95, 0.999, 1 - 1e-9].map(errorOf)).toEqual([0.1, 0.05, 0.001, 1e-9])
    for (const confidence of [1 - 6.7e-16, 1 - 1.4e-15, 1 - 4e-16, 1 - 2 ** -53, 0.5 - 2 ** -54]) {
      expect(errorOf(confidence)).toBeGreaterThan(0)
      expect(errorOf(confidence)).toBeLessThanOrEqual(1 - confidence)
    }
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1 - 2 ** -53, noNaN: true }), (confidence) => {
        expect(errorOf(confidence) - (1 - confidence)).toBeLessThanOrEqual(2 ** -54)
      }),
    )
  })
})

describe('parseCertificate', () => {
  const certificate = certifyScores([level(0, 1000), level(1, 99), level(2, 20)], risks)
  const json = JSON.stringify(certificate)

  test('parseCertificate gives back what was written, and formatCertificate prints it', () => {
    expect(parseCertificate(json)).toEqual(certificate)
    const text = formatCertificate(parseCertificate(json))
    expect(text).toMatch(/^ACCEPTED round 1, density 0.5, threshold 99\n/)
    for (const words of [
      '100 positives and 100 negatives',
      'P(false-negative rate of class 1 > 0.05) <= 0.05',
      'void if',
    ]) {
      expect(text).toContain(words)
    }
  })

  test('parseCertificate refuses every cut', () => {
    for (let end = 0; end < json.length; end++) {
      expect(() => parseCertificate(json.slice(0, end))).toThrow(
        /^Cannot read the certificate: expected JSON, got /,
      )
    }
  })

  test('parseCertificate refuses a missing field by name', () => {
    for (const name of Object.keys(certificate)) {
      const { [name as 'positives']: _, ...rest } = certificate
      expect(refusalOf(() => parseCertificate(JSON.stringify(rest)))).toMatch(
        new RegExp(`expected .*${name}`),
      )
    }
    for (const name of Object.keys(certificate.tested[0]!)) {
      const { [name as 'round']: _, ...rest } = certificate.tested[0]!
      const broken = { ...certificate, tested: [rest] }
      expect(refusalOf(() => parseCertificate(JSON.stringify(broken)))).toContain(
        `tested[0].${name}`,
      )
    }
  })

  test.each<[string, object]>([
    ['another version', { version: 2 }],
    ['more positives', { positives: 1000 }],
    ['a lower false-negative rate', { maximumFalseNegativeRate: 0.01 }],
    [
      'a better p-value',
      {
        tested: certificate.tested.map((one) => ({
          ...one,
          falsePositivePValue: 0.001,
          passed: true,
        })),
      },
    ],
    ['another accepted level', { accepted: certificate.tested[0] }],
    ['no accepted level', { accepted: null }],
    ['a level left out', { tested: certificate.tested.slice(0, 2) }],
    ['no tested level', { tested: [], accepted: null }],
    ['negative counts', { negatives: -1 }],
  ])('parseCertificate refuses %s', (_, change) => {
    expect(
      refusalOf(() => parseCertificate(JSON.stringify({ ...certificate, ...change }))),
    ).toMatch(/^RangeError: Cannot read the certificate/)
  })

  test('parseCertificate refuses a certificate that hides a fact that voids it, and keeps more facts', () => {
    const { voidedBy } = certificate
    expect(voidedBy).toHaveLength(4)
    for (const fact of voidedBy) {
      const fewer = { ...certificate, voidedBy: voidedBy.filter((one) => one !== fact) }
      expect(refusalOf(() => parseCertificate(JSON.stringify(fewer)))).toBe(
        `RangeError: Cannot read the certificate: expected voidedBy to name "${fact}", got none such`,
      )
    }
    const more = { ...certificate, voidedBy: ['the scanner was replaced', ...voidedBy] }
    expect(parseCertificate(JSON.stringify(more))).toEqual(more)
  })

  test('formatCertificate tells the finite threshold of infinite scores', () => {
    const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
    const scores = Float64Array.from(labels, (label) => (label ? Infinity : -Infinity))
    const risks = { maximumFalseNegativeRate: 0.1, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
    const levels = [{ round: 0, density: 1, labels, scores }]
    const text = formatCertificate(certifyScores(levels, { positiveClass: 1, ...risks }))
    expect(text.split(`${Number.MAX_VALUE}`)).toHaveLength(3)
    expect(text).not.toContain('Infinity')
  })

  test('parseCertificate refuses what is no text or no object', () => {
    expect(refusalOf(() => parseCertificate(certificate as never))).toMatch(
      /^TypeError: .+ a text, got object/,
    )
    for (const text of ['null', '[]', '3'])
      expect(refusalOf(() => parseCertificate(text))).toMatch(/^TypeError/)
  })
})
