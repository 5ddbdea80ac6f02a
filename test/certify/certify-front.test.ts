import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certifyFront, type ScoredFile } from '../../src/certify/certify-front.js'
import { formatCertificate } from '../../src/certify/format-certificate.js'
import { paretoFront } from '../../src/certify/pareto-front.js'
import { parseCertificate } from '../../src/certify/parse-certificate.js'
import { refusalOf } from '../support/refusal-of.js'

const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
const options = { positiveClass: 1, ...promise }
const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
/** Scores at which the positives lie this much above the negatives, which run from 0 to 99. */
const scoresOf = (gap: number, of = labels) =>
  Float64Array.from(of, (label, i) => Math.floor(i / 2) + gap * label)
/** The tuning samples: as many of each class, in another order. */
const tunedLabels = labels.map((label) => 1 - label)
const file = (
  type: string,
  bytes: number,
  { tuned, tested = tuned }: { tuned: number; tested?: number },
): ScoredFile => ({
  ...{ round: 0, density: 1, type, bytes, labels, scores: scoresOf(tested) },
  tuning: { labels: tunedLabels, scores: scoresOf(tuned, tunedLabels) },
})
const [whole, half, tiny] = [
  file('float32', 4000, { tuned: 500 }),
  file('int8', 1000, { tuned: 110 }),
  file('codebook4', 500, { tuned: 0 }),
]

describe('paretoFront', () => {
  const candidates = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 9 }), chance: fc.integer({ min: 0, max: 9 }) }),
    { minLength: 1 },
  )

  test('paretoFront keeps those that no other one beats, from the likeliest to the smallest', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const front = paretoFront(all)
        for (const [i, one] of front.entries()) {
          const isBeaten = all.some(
            (other) =>
              other.bytes <= one.bytes &&
              other.chance >= one.chance &&
              (other.bytes < one.bytes || other.chance > one.chance),
          )
          expect(isBeaten).toBe(false)
          if (i === 0) continue
          expect(one.bytes).toBeLessThan(front[i - 1]!.bytes)
          expect(one.chance).toBeLessThan(front[i - 1]!.chance)
        }
        for (const one of all) {
          const stands = front.some(
            ({ bytes, chance }) => bytes <= one.bytes && chance >= one.chance,
          )
          expect(stands).toBe(true)
        }
      }),
    )
  })
})

describe('certifyFront', () => {
  test('certifyFront accepts the smallest file that passes', () => {
    const certificate = certifyFront([tiny, whole, half], options)
    expect(certificate).toMatchObject({ method: 'pareto', levels: 3 })
    expect(certificate.tested.map(({ type }) => type)).toEqual(['float32', 'int8', 'codebook4'])
    expect(certificate.accepted).toMatchObject({ type: 'int8', bytes: 1000, passed: true })
    expect(certificate.reason).toMatch(/round 0 as int8 is the last that passed$/)
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
    const text = formatCertificate(certificate)
    expect(text).toMatch(
      /^ACCEPTED round 0 as int8, .+\na file of 1000 bytes\nP\(.+ or .+\) <= 0.05/,
    )
    expect(text).not.toContain('"')
  })

  test('certifyFront tests no file that a smaller and likelier one beats', () => {
    const worse = file('float16', 2000, { tuned: 50 })
    const certificate = certifyFront([whole, worse, half], options)
    expect(certificate.tested.map(({ type }) => type)).toEqual(['float32', 'int8'])
    expect(certificate.reason).toBe('all 2 files passed: round 0 as int8 is the smallest')
  })

  test('certifyFront accepts nothing where the likeliest fails, whatever the others would do', () => {
    const misled = file('float32', 4000, { tuned: 500, tested: 0 })
    const certificate = certifyFront([misled, half], options)
    expect(certificate.accepted).toBeNull()
    expect(certificate.tested).toHaveLength(1)
  })

  test('certifyFront does not look at calibration samples to make the front', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (tested) => {
        const moved = { ...half, scores: scoresOf(tested) }
        expect(certifyFront([whole, moved, tiny], options).levels).toBe(3)
      }),
      { numRuns: 30 },
    )
  })

  test.each<[string, readonly unknown[], RegExp]>([
    ['no file', [], /^RangeError: .+ at least one file, got none$/],
    ['a file without a type', [{ ...whole, type: 3 }], /^TypeError: .+ a type at 0, got 3$/],
    ['what is no file', [null], /^TypeError: .+ a type at 0, got undefined$/],
    ['bytes of 0', [{ ...whole, bytes: 0 }], /^RangeError: .+ bytes of file 0/],
    ['a file without tuning', [{ ...whole, tuning: undefined }], /^TypeError: .+ expected tuning/],
    [
      'tuning of one class',
      [{ ...whole, tuning: { labels: [1], scores: [1] } }],
      /^RangeError: .+ tuning samples of classes/,
    ],
    [
      'other labels',
      [whole, { ...half, labels: labels.map((x) => 1 - x) }],
      /^RangeError: .+ label 0/,
    ],
    ['NaN', [{ ...whole, scores: scoresOf(Number.NaN) }], /^RangeError: .+ got NaN/],
    ['a density of 0', [{ ...whole, density: 0 }], /^RangeError: .+ density of file 0 to be/],
    ['a round below 0', [whole, { ...half, round: -1 }], /^RangeError: .+ round of file 1 to be/],
    ['another fingerprint', [{ ...whole, fingerprint: 'abc' }], /^RangeError: .+ of file 0, got/],
    [
      'the calibration samples as tuning samples',
      [whole, { ...half, tuning: { labels, scores: half.scores } }],
      /^RangeError: .+ tuning and calibration samples that are apart, got the same ones$/,
    ],
    [
      'copies of the calibration samples as tuning samples',
      [{ ...whole, tuning: { labels: [...labels], scores: Array.from(whole.scores) } }],
      /^RangeError: .+ that are apart, got the same ones$/,
    ],
  ])('certifyFront refuses %s', (_, files, message) => {
    expect(refusalOf(() => certifyFront(files as ScoredFile[], options))).toMatch(message)
  })

  test('parseCertificate refuses a front whose files do not shrink or have no name', () => {
    const certificate = certifyFront([whole, half, tiny], options)
    const changed = (change: object) => {
      const tested = certificate.tested.map((one) => ({ ...one, ...change }))
      const broken = { ...certificate, tested, accepted: { ...certificate.accepted, ...change } }
      return refusalOf(() => parseCertificate(JSON.stringify(broken)))
    }
    expect(changed({ bytes: 1000 })).toMatch(/^RangeError: .+ a smaller file than the one before/)
    expect(changed({ type: undefined })).toMatch(/^RangeError: .+\.type of its file, got undefined/)
    expect(changed({ bytes: 'x' })).toMatch(/^TypeError: .+\.bytes to be/)
  })
})
