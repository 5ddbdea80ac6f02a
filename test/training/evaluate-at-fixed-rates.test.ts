import fc from 'fast-check'
import { falseNegativeRateAt, thresholdForFalsePositiveRate } from 'tfjs-prune/metrics'
import { describe, expect, test } from 'vitest'
import { missedByBruteForce } from '../metrics/misses-by-brute-force.js'
import { samples, samplesWithoutTies } from '../metrics/samples.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { evaluated } from './outputs.js'

/** One logit a sample: its score. */
const at = async (
  scores: readonly number[],
  labels: readonly number[],
  falsePositiveRates?: readonly number[],
) => {
  const options = falsePositiveRates && { falsePositiveRates }
  const rows = scores.map((score) => [score])
  return (await evaluated(rows, labels, options)).atFalsePositiveRates!
}

describe('evaluateOn at fixed false-positive rates', () => {
  test('evaluateOn tells the misses at 5 and 10 % where no rates are given', async () => {
    // 20 negatives at 1 to 20, three positives between them: one false alarm fits in at 5 %, two
    // at 10 %.
    const negatives = Array.from({ length: 20 }, (_, i) => i + 1)
    const scores = [...negatives, 18.5, 19.5, 3.5]
    const labels = [...negatives.map(() => 0), 1, 1, 1]
    expect(await at(scores, labels)).toEqual([
      { falsePositiveRate: 0.05, falseNegatives: 2, falseNegativeRate: 2 / 3, threshold: 19.5 },
      { falsePositiveRate: 0.1, falseNegatives: 1, falseNegativeRate: 1 / 3, threshold: 18.5 },
    ])
  })

  test('evaluateOn tells the misses that the curve has at each rate, ties included', async () => {
    const rates = fc.array(fc.nat(99), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(samples, rates, async ({ labels, scores }, hundredths) => {
        const falsePositiveRates = hundredths.map((rate) => rate / 100)
        const told = await at(scores, labels, falsePositiveRates)
        expect(told.map(({ falsePositiveRate }) => falsePositiveRate)).toEqual(falsePositiveRates)
        const positives = labels.filter((label) => label === 1).length
        for (const { falsePositiveRate, falseNegatives, falseNegativeRate, threshold } of told) {
          const options = { positiveClass: 1, falsePositiveRate }
          expect(falseNegativeRate).toBe(falseNegativeRateAt(labels, scores, options))
          expect(falseNegativeRate).toBe(falseNegatives / positives)
          const expected = missedByBruteForce(labels, scores, falsePositiveRate)
          expect(Math.abs(falseNegativeRate - expected)).toBeLessThan(1e-12)
          const point = thresholdForFalsePositiveRate(labels, scores, options)
          expect(threshold ?? Number.POSITIVE_INFINITY).toBe(point.threshold)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('evaluateOn tells misses with fewer negatives than 1 / rate: no false alarm fits in', async () => {
    const told = await at([5, 3, 4, 1], [1, 1, 0, 0], [0.05, 0.49])
    for (const { falseNegatives, threshold } of told) {
      expect([falseNegatives, threshold]).toEqual([1, 5])
    }
    // The highest negative ties with two positives: 0.1 of 2 negatives finds a fifth of them.
    const [tied] = await at([5, 4, 4, 4, 1], [1, 1, 1, 0, 0], [0.1])
    expect(tied!.falseNegatives).toBeCloseTo(2 - 0.2 * 2, 12)
    const [none] = await at([4, 4, 1], [1, 0, 0], [0.1])
    expect(none!.threshold).toBeNull() // from 4 on, half of the negatives are false alarms
  })

  test('evaluateOn misses as many at the threshold of a rate, given as its own, without ties', async () => {
    await fc.assert(
      fc.asyncProperty(samplesWithoutTies, fc.nat(99), async ({ labels, scores }, hundredths) => {
        const rows = scores.map((score) => [score / 64])
        const falsePositiveRates = [hundredths / 100]
        const [told] = (await evaluated(rows, labels, { falsePositiveRates })).atFalsePositiveRates!
        if (told!.threshold === null) return
        const threshold = { logOdds: told!.threshold }
        const { confusion, falsePositiveRate } = await evaluated(rows, labels, { threshold })
        expect(confusion.falseNegatives).toBe(told!.falseNegatives)
        expect(falsePositiveRate).toBeLessThanOrEqual(told!.falsePositiveRate)
      }),
      { numRuns: 50 },
    )
  })

  test('evaluateOn gives NaN at each rate without negatives', async () => {
    expect(await at([1, 2], [1, 1])).toEqual(
      [0.05, 0.1].map((falsePositiveRate) => {
        const undefinedRates = { falseNegatives: Number.NaN, falseNegativeRate: Number.NaN }
        return { falsePositiveRate, ...undefinedRates, threshold: null }
      }),
    )
  })

  test('evaluateOn keeps the rates that it was made with', async () => {
    const rates = [0.2]
    const pending = at([1, 0], [1, 0], rates)
    rates.push(0.3)
    expect(await pending).toHaveLength(1)
    expect(await at([1, 0], [1, 0], [])).toEqual([])
  })

  test.each<[unknown, string]>([
    [0.1, 'TypeError: Cannot evaluate: expected falsePositiveRates to be a list of rates, got 0.1'],
    [
      [0.1, '0.05'],
      'TypeError: Cannot evaluate: expected falsePositiveRates[1] to be in [0, 1), got "0.05"',
    ],
    [[5], 'RangeError: Cannot evaluate: expected falsePositiveRates[0] to be in [0, 1), got 5'],
    [[1], 'RangeError: Cannot evaluate: expected falsePositiveRates[0] to be in [0, 1), got 1'],
    [
      [Number.NaN],
      'RangeError: Cannot evaluate: expected falsePositiveRates[0] to be in [0, 1), got NaN',
    ],
  ])('evaluateOn refuses %j as falsePositiveRates', async (rates, message) => {
    expect(await lateRefusalOf(() => at([1, 0], [1, 0], rates as number[]))).toBe(message)
  })
})
