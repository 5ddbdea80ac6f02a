import { describe, expect, test } from 'vitest'
import { certifyDecisions } from '../../../src/certify/agreement/certify-decisions.js'
import { certifyClassScores } from '../../../src/certify/classes/certify-class-scores.js'
import { formatRateCertificate } from '../../../src/certify/stored/format-rate-certificate.js'
import { parseRateCertificate } from '../../../src/certify/stored/parse-rate-certificate.js'
import { binomialCdf } from '../../../src/internal/binomial.js'
import { randomStream } from '../../../src/internal/random.js'
import { refusalOf } from '../../support/refusal-of.js'

const promise = { maximumDisagreement: 0.05, confidence: 0.95 }
const dense = Array.from({ length: 300 }, (_, i) => i % 3)
const level = (round: number, differing: number) => ({
  round,
  density: 0.5 ** round,
  decisions: dense.map((one, i) => (i < differing ? one + 1 : one)),
})
const agreement = certifyDecisions([level(0, 0), level(1, 7), level(2, 9)], promise)

const rows = Array.from({ length: 300 }, (_, i) => (i % 2 ? [0.2, 0.8] : [0.9, 0.1]))
const half = (from: number) => ({
  labels: rows.slice(from, from + 150).map((_, i) => (i + from) % 2),
  probabilities: rows.slice(from, from + 150).flatMap(([a], i) => {
    const share = a! - i / 10_000
    return [share, 1 - share]
  }),
})
const scores = { tuning: half(0), calibration: half(149) }
const classes = certifyClassScores(
  [
    { round: 0, density: 1, ...scores },
    { round: 2, density: 0.25, ...scores },
  ],
  { maximumFalseNegativeRates: { 1: 0.05 }, confidence: 0.95 },
)

describe('certifyDecisions', () => {
  test('certifyDecisions counts the decisions that differ from the first round', () => {
    const { accepted, tested, promises } = agreement
    expect(tested.map(({ tests }) => tests[0]!.events)).toEqual([0, 7, 9])
    expect(tested.map(({ passed }) => passed)).toEqual([true, true, false])
    expect(tested[1]!.tests[0]!.pValue).toBe(binomialCdf(7, 300, 0.05))
    expect(promises).toEqual([{ of: 'decisions that differ', maximumRate: 0.05, samples: 300 }])
    expect(accepted).toEqual(tested[1])
  })

  test('certifyDecisions stops at the first round that fails', () => {
    const { accepted, tested } = certifyDecisions([level(0, 0), level(1, 90), level(2, 0)], promise)
    expect([accepted?.round, tested.length]).toEqual([0, 2])
  })

  test('certifyDecisions breaks its promise in few of 400 simulations', () => {
    const { uniform } = randomStream(5)
    const shares = [0, 0.03, 0.049, 0.0505, 0.06] // the last two are above the promise
    let broken = 0
    for (let i = 0; i < 400; i++) {
      const places = Float64Array.from({ length: 200 }, uniform) // the same samples at all levels
      const levels = shares.map((share, round) => ({
        round,
        density: 0.5 ** round,
        decisions: Array.from(places, (place) => Number(place < share)),
      }))
      if (certifyDecisions(levels, promise).accepted!.round > 2) broken++
    }
    expect(broken).toBeLessThanOrEqual(33) // promised 20, and 3 standard deviations above
    expect(broken).toBeGreaterThan(0)
  })

  test('certifyDecisions refuses few samples, other lengths and no numbers', () => {
    const refused = (levels: unknown, more: object = {}) =>
      refusalOf(() => certifyDecisions(levels as [], { ...promise, ...more }))
    expect(refused([{ ...level(0, 0), decisions: dense.slice(0, 58) }])).toMatch(
      / expected at least 59 calibration samples for the decisions that differ, .+, got 58$/,
    )
    expect(refused([level(0, 0), { ...level(1, 0), decisions: [1] }])).toMatch(
      /^TypeError: .+ 300 decisions at each level, got 1$/,
    )
    expect(refused([level(1, 0), level(0, 0)])).toMatch(/^RangeError: .+ a round after 1/)
    expect(refused([{ ...level(0, 0), decisions: ['a'] }])).toMatch(/^TypeError: .+ decision 0/)
    expect(refused([{ ...level(0, 0), decisions: [Number.NaN] }])).toMatch(/^RangeError: .+ NaN$/)
    expect(refused([{ ...level(0, 0), decisions: [] }])).toMatch(/^RangeError: .+ one sample/)
    expect(refused([level(0, 0)], { maximumDisagreement: 0 })).toMatch(/^RangeError/)
    expect(refused([])).toMatch(/^RangeError: .+ at least one round, got none$/)
  })
})

describe('parseRateCertificate', () => {
  const certificates = { agreement, classes }

  test('parseRateCertificate gives back the certificates that were written', () => {
    for (const one of Object.values(certificates))
      expect(parseRateCertificate(JSON.stringify(one))).toEqual(one)
  })

  test('parseRateCertificate refuses every certificate with one number changed', () => {
    for (const [name, one] of Object.entries(certificates)) {
      const changed: string[] = []
      const places = JSON.stringify(one).matchAll(
        /"(events|rate|pValue|samples|levels)":([\d.e-]+)/g,
      )
      for (const { index, 0: text, 1: field, 2: number } of places) {
        const json = JSON.stringify(one)
        const wrong = `"${field}":${Number(number) === 0 ? 0.5 : Number(number) * 0.75}`
        const other = json.slice(0, index) + wrong + json.slice(index + text.length)
        changed.push(field!)
        expect([name, field, refusalOf(() => parseRateCertificate(other))]).toEqual([
          name,
          field,
          expect.stringMatching(/^(Range|Type)Error: Cannot read the certificate: /),
        ])
      }
      expect(new Set(changed).size).toBe(5)
    }
  })

  test.each([
    [{ accepted: null }, /accepted to be round 2 as tested/],
    [{ accepted: { ...classes.tested[0]! } }, /accepted to be round 2/],
    [{ kind: 'class' }, /the kind of a certificate on rates, got "class"/],
    [{ kind: 'agreement' }, /no class in a promise/],
    [{ version: 2 }, /version 1/],
    [{ voidedBy: [] }, /voidedBy to name/],
    [{ tested: classes.tested.slice(0, 1) }, /a test of all 2 levels, got 1/],
    [{ tested: [...classes.tested].reverse() }, /a later and no denser round/],
    [{ confidence: 0.9999 }, /at least \d+ samples for the misses of class 1, got 75/],
    [{ promises: [] }, /at least one promise/],
  ])('parseRateCertificate refuses a contradiction: %j', (change, message) => {
    const json = JSON.stringify({ ...classes, ...change })
    expect(refusalOf(() => parseRateCertificate(json))).toMatch(message)
  })

  test.each([
    [{ weights: [2, 1] }, /weights\[0\] of 1 without a limit, got 2/],
    [{ weights: [1] }, /weights of class 1 as well, got 1/],
    [{ weights: [1, null] }, /^TypeError: .+weights\[1\]/],
    [{ feasible: false }, /passed to be false by feasible and the tests/],
    [{ tuned: [] }, /tuned of classes 1/],
    [{ tuned: [{ class: 1, samples: 75, misses: 30 }] }, /feasible to be false with 30 of 75/],
    [{ errorRate: 2 }, /errorRate/],
  ])('parseRateCertificate refuses a level that contradicts itself: %j', (change, message) => {
    const tested = classes.tested.map((one) => ({ ...one, ...change }))
    const json = JSON.stringify({ ...classes, tested, accepted: tested.at(-1) })
    expect(refusalOf(() => parseRateCertificate(json))).toMatch(message)
  })

  test('parseRateCertificate takes fields in any order, as databases give them', () => {
    const turned = JSON.stringify({
      ...classes,
      accepted: Object.fromEntries(Object.entries(classes.accepted!).reverse()),
    })
    expect(parseRateCertificate(turned)).toEqual(classes)
  })

  test('parseRateCertificate refuses other texts', () => {
    expect(refusalOf(() => parseRateCertificate('{'))).toMatch(/^RangeError: .+ expected JSON/)
    expect(refusalOf(() => parseRateCertificate('[]'))).toMatch(/^TypeError: .+ got a list$/)
    expect(refusalOf(() => parseRateCertificate(classes as never))).toMatch(/^TypeError/)
  })
})

describe('formatRateCertificate', () => {
  test('formatRateCertificate tells promise, counts and rule', () => {
    const text = formatRateCertificate(classes)
    expect(text).toMatch(/^ACCEPTED round 2, density 0\.25, weights 1 1\n/)
    expect(text).toContain('P(share of misses of class 1 > 0.05) <= 0.05')
    expect(text).toContain('stands on 75 samples for the misses of class 1; 2 levels')
    expect(text).toContain('  misses of class 1  0 of 75 (0)  p 0.02134  passed')
    expect(formatRateCertificate(agreement)).toContain(
      'round 2, density 0.25: failed\n  decisions that differ  9 of 300 (0.03)  p 0.06',
    )
  })

  test('formatRateCertificate refuses a certificate that contradicts itself', () => {
    const wrong = { ...agreement, accepted: null }
    expect(refusalOf(() => formatRateCertificate(wrong))).toMatch(/^RangeError/)
  })
})
