import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucRoc } from '../../src/metrics/auc-roc.js'
import { partialAuc } from '../../src/metrics/partial-auc.js'
import { rocCurve } from '../../src/metrics/roc-curve.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples } from './samples.js'

const positiveClass = 1
const rates = fc.integer({ min: 1, max: 1000 }).map((thousandths) => thousandths / 1000)
const within = (actual: number, wanted: number) =>
  expect(Math.abs(actual - wanted)).toBeLessThan(1e-13)

describe('partialAuc', () => {
  it.each(golden.cases)(
    'partialAuc agrees with scikit-learn: $name',
    ({ labels, scores, positiveClass, partial }) => {
      for (const { rate, ...areas } of partial) {
        const [fpr, tpr] = [
          { positiveClass, maximumFalsePositiveRate: rate },
          { positiveClass, minimumRecall: 1 - rate },
        ] as const
        within(partialAuc(labels, scores, fpr), areas.maximumFalsePositiveRate)
        within(partialAuc(labels, scores, tpr), areas.minimumRecall)
        within(partialAuc(labels, scores, { ...fpr, standardised: true }), areas.maxFprStandardised)
        within(partialAuc(labels, scores, { ...tpr, standardised: true }), areas.minTprStandardised)
      }
    },
  )

  it('partialAuc of maximumFalsePositiveRate 1 or minimumRecall 0 is aucRoc, standardised or not', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const auc = aucRoc(labels, scores, { positiveClass })
        expect(partialAuc(labels, scores, { positiveClass, maximumFalsePositiveRate: 1 })).toBe(auc)
        expect(partialAuc(labels, scores, { positiveClass, minimumRecall: 0 })).toBe(auc)
        within(
          partialAuc(labels, scores, {
            positiveClass,
            maximumFalsePositiveRate: 1,
            standardised: true,
          }),
          auc,
        )
        within(
          partialAuc(labels, scores, { positiveClass, minimumRecall: 0, standardised: true }),
          auc,
        )
      }),
    )
  })

  it('partialAuc is the area under the points of rocCurve up to the cut', () => {
    fc.assert(
      fc.property(samples, rates, ({ labels, scores }, cut) => {
        const { falsePositiveRates: x, truePositiveRates: y } = rocCurve(labels, scores, {
          positiveClass,
        })
        let area = 0
        for (let i = 1; i < x.length; i++) {
          const [from, to] = [Math.min(x[i - 1]!, cut), Math.min(x[i]!, cut)]
          if (to === from) continue
          const height = (at: number) =>
            y[i - 1]! + ((y[i]! - y[i - 1]!) * (at - x[i - 1]!)) / (x[i]! - x[i - 1]!)
          area += ((to - from) * (height(from) + height(to))) / 2
        }
        within(partialAuc(labels, scores, { positiveClass, maximumFalsePositiveRate: cut }), area)
      }),
    )
  })

  it('partialAuc of minimumRecall is that of maximumFalsePositiveRate with classes and order swapped', () => {
    fc.assert(
      fc.property(samples, rates, ({ labels, scores }, rate) => {
        const swapped = partialAuc(
          labels,
          scores.map((score) => -score),
          { positiveClass: 0, maximumFalsePositiveRate: rate },
        )
        within(partialAuc(labels, scores, { positiveClass, minimumRecall: 1 - rate }), swapped)
      }),
    )
  })

  it('partialAuc of both parts and the rectangle between add up to aucRoc', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 40 }), ({ labels, scores }, part) => {
        const { falsePositiveRates, truePositiveRates } = rocCurve(labels, scores, {
          positiveClass,
        })
        const i = part % falsePositiveRates.length
        const [maximumFalsePositiveRate, minimumRecall] = [
          falsePositiveRates[i]!,
          truePositiveRates[i]!,
        ]
        fc.pre(maximumFalsePositiveRate > 0 && minimumRecall < 1)
        const parts =
          partialAuc(labels, scores, { positiveClass, maximumFalsePositiveRate }) +
          partialAuc(labels, scores, { positiveClass, minimumRecall })
        within(
          parts + (1 - maximumFalsePositiveRate) * minimumRecall,
          aucRoc(labels, scores, { positiveClass }),
        )
      }),
    )
  })

  it('partialAuc standardised is 1 for a perfect order and 0.5 for equal scores', () => {
    for (const part of [{ maximumFalsePositiveRate: 0.3 }, { minimumRecall: 0.9 }]) {
      const options = { positiveClass, ...part, standardised: true }
      within(partialAuc([0, 0, 0, 1, 1], [1, 2, 3, 4, 5], options), 1)
      within(partialAuc([0, 0, 0, 1, 1], [7, 7, 7, 7, 7], options), 0.5)
    }
  })

  it('partialAuc takes infinite scores and treats -0 as 0', () => {
    const infinite = [Number.NEGATIVE_INFINITY, 0, -0, Number.POSITIVE_INFINITY]
    within(
      partialAuc([0, 0, 1, 1], infinite, { positiveClass, maximumFalsePositiveRate: 0.5 }),
      0.375,
    )
    within(partialAuc([0, 0, 1, 1], infinite, { positiveClass, minimumRecall: 0.5 }), 0.375)
  })

  it('partialAuc is NaN without positives or without negatives', () => {
    for (const part of [
      { maximumFalsePositiveRate: 0.3 },
      { maximumFalsePositiveRate: 1 },
      { minimumRecall: 0.9 },
    ]) {
      expect(partialAuc([0, 0], [1, 2], { positiveClass, ...part })).toBeNaN()
      expect(partialAuc([1, 1], [1, 2], { positiveClass, ...part, standardised: true })).toBeNaN()
    }
  })

  it('partialAuc rejects neither part and both', () => {
    const of = (options: object) => () =>
      partialAuc([0, 1], [0, 1], options as { positiveClass: 1; maximumFalsePositiveRate: 1 })
    const message =
      'Cannot compute partialAuc: expected exactly one of maximumFalsePositiveRate and minimumRecall, got'
    expect(of({ positiveClass })).toThrow(new TypeError(`${message} neither`))
    expect(of({ positiveClass, maximumFalsePositiveRate: 0.1, minimumRecall: 0.9 })).toThrow(
      new TypeError(`${message} both`),
    )
    // @ts-expect-error One of both is needed.
    expect(() => partialAuc([0, 1], [0, 1], { positiveClass })).toThrow(TypeError)
  })

  it.each([0, -0.1, 1.1, Number.NaN])(
    'partialAuc rejects a maximumFalsePositiveRate of %d',
    (maximumFalsePositiveRate) => {
      const message = `Cannot compute partialAuc: expected maximumFalsePositiveRate to be in (0, 1], got ${maximumFalsePositiveRate}`
      expect(() => partialAuc([0, 1], [0, 1], { positiveClass, maximumFalsePositiveRate })).toThrow(
        new RangeError(message),
      )
    },
  )

  it.each([1, -0.1, 1.1, Number.NaN])(
    'partialAuc rejects a minimumRecall of %d',
    (minimumRecall) => {
      const message = `Cannot compute partialAuc: expected minimumRecall to be in [0, 1), got ${minimumRecall}`
      expect(() => partialAuc([0, 1], [0, 1], { positiveClass, minimumRecall })).toThrow(
        new RangeError(message),
      )
    },
  )

  it('partialAuc rejects options of the wrong type and unknown ones', () => {
    const of = (options: object) => () =>
      partialAuc([0, 1], [0, 1], { positiveClass, maximumFalsePositiveRate: 0.5, ...options })
    const cannot = 'Cannot compute partialAuc: expected'
    const flag = new TypeError(`${cannot} standardised to be true or false, got "yes"`)
    expect(of({ standardised: 'yes' })).toThrow(flag)
    expect(of({ maximumFalsePositiveRate: '0.5' })).toThrow(
      new TypeError(`${cannot} maximumFalsePositiveRate to be in (0, 1], got "0.5"`),
    )
    const known = 'positiveClass, maximumFalsePositiveRate, minimumRecall, standardised'
    expect(of({ standardized: true })).toThrow(
      new TypeError(
        `${cannot} options among ${known}, got standardized: did you mean standardised?`,
      ),
    )
  })

  itRejectsBadScores('partialAuc', (labels, scores, positive) =>
    partialAuc(labels, scores, { positiveClass: positive, maximumFalsePositiveRate: 0.5 }),
  )
})
