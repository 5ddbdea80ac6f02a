import { describe, expect, test } from 'vitest'
import { leastWeights } from '../../../src/certify/classes/least-weights.js'
import { missesOf, rowsOf } from '../../../src/certify/classes/tune-weights.js'
import { neymanPearsonOrder } from '../../../src/certify/neyman-pearson-threshold.js'
import { orderedThresholds } from '../../../src/certify/ordered/ordered-thresholds.js'
import golden from '../../golden/classes.json'

/** The classes of R count from 1. */
const fromZero = (labels: readonly number[]) => labels.map((label) => label - 1)

describe('leastWeights against npcs', () => {
  const scores = { labels: fromZero(golden.labels), probabilities: golden.probabilities }
  const rows = [0, 1, 2].map((index) => rowsOf(scores, { class: index, classes: 3 }))
  const rates = (weights: readonly number[]) =>
    rows.map((own, index) => (missesOf(own, index, weights) * 3) / own.length)
  const weightsFor = (alpha: readonly (number | null)[]) => {
    const budgets = alpha.flatMap((rate, index) => {
      const own = rows[index]!
      return rate === null
        ? []
        : [{ class: index, rows: own, misses: Math.floor((rate * own.length) / 3) }]
    })
    return leastWeights(budgets, 3)
  }

  test('leastWeights are not to be had just where the dual of npcs exceeds 1', () => {
    const feasible = golden.npmc.map(({ alpha }) => weightsFor(alpha) !== undefined)
    expect(feasible).toEqual(golden.npmc.map(({ er }) => er.value <= 1))
    expect(feasible).toEqual(golden.npmc.map(({ cx }) => cx.value <= 1))
    expect(new Set(feasible).size).toBe(2)
  })

  test('missesOf counts the errors that npcs counts', () => {
    for (const { cx, er } of golden.npmc)
      for (const { weights, errors } of [cx, er])
        for (const [k, rate] of rates(weights).entries()) expect(rate).toBeCloseTo(errors[k]!, 12)
  })

  test('leastWeights keep all limits, and lie below the weights of npcs that keep them', () => {
    let compared = 0
    for (const { alpha, cx, er } of golden.npmc) {
      const weights = weightsFor(alpha)
      if (!weights) continue
      const keeps = (found: readonly number[]) =>
        found.every((rate, k) => alpha[k] === null || rate <= alpha[k]!)
      expect(keeps(rates(weights))).toBe(true)
      for (const other of [cx, er]) {
        if (!keeps(other.errors)) continue
        compared++
        weights.forEach((weight, k) => {
          expect(weight).toBeLessThanOrEqual(other.weights[k]! * (1 + 1e-8))
          if (alpha[k] === null) expect(rates(weights)[k]).toBeLessThanOrEqual(other.errors[k]!)
        })
      }
    }
    expect(compared).toBeGreaterThanOrEqual(5)
  })
})

describe('orderedThresholds against HNPclassifier', () => {
  const severity = [0, 1, 2]
  const found = golden.ordered.map(({ labels, probabilities, alpha, delta }) =>
    orderedThresholds(
      { labels: fromZero(labels), probabilities },
      {
        severity,
        maximumUnderclassificationRates: Object.fromEntries(alpha.entries()),
        confidence: 1 - delta,
      },
    ),
  )

  test('orderedThresholds are those of the joint order statistic, counted in R', () => {
    for (const [i, { thresholds }] of found.entries())
      for (const [k, threshold] of thresholds.entries())
        expect(threshold / golden.ordered[i]!.joint[k]!).toBeCloseTo(1, 12)
  })

  test('orderedThresholds of the first class are those of HNPclassifier at the right rank', () => {
    for (const [i, { thresholds }] of found.entries())
      expect(thresholds[0]! / golden.ordered[i]!.thresholds[0]!).toBeCloseTo(1, 12)
  })

  test('orderedThresholds of further classes are higher than those of HNPclassifier', () => {
    const pairs = found.flatMap(({ thresholds }, i) =>
      thresholds.slice(1).map((threshold, k) => [threshold, golden.ordered[i]!.thresholds[k + 1]!]),
    )
    expect(pairs.length).toBeGreaterThanOrEqual(3)
    for (const [own, theirs] of pairs) expect(own).toBeGreaterThan(theirs!)
  })

  test('neymanPearsonOrder is one below the rank that HNPclassifier takes', () => {
    for (const { samples, alpha, delta, rank } of golden.ranks)
      expect(neymanPearsonOrder(samples, { alpha, delta })).toBe(rank - 1)
  })
})
