import { describe, expect, it } from 'vitest'
import { delongInterval } from '../../src/metrics/delong-interval.js'
import { delongTest } from '../../src/metrics/delong-test.js'
import { partialAuc } from '../../src/metrics/partial-auc.js'
import golden from '../golden/delong.json'

const positiveClass = 1
const within = (actual: number, wanted: number) =>
  expect(Math.abs(actual - wanted)).toBeLessThan(1e-13)
const withinShare = (actual: number, wanted: number) =>
  expect(Math.abs(actual / wanted - 1)).toBeLessThan(1e-12)

// pROC 1.18: see scripts/golden/delong.R.
const curves = golden.cases.flatMap(({ name, labels, first, second, ofFirst, ofSecond }) => [
  { name: `${name}, first`, labels, scores: first, ...ofFirst },
  { name: `${name}, second`, labels, scores: second, ...ofSecond },
])

describe('delongInterval', () => {
  it.each(curves)('delongInterval agrees with pROC: $name', ({ labels, scores, ...wanted }) => {
    const { auc, variance, interval } = delongInterval(labels, scores, { positiveClass })
    within(auc, wanted.auc)
    withinShare(variance, wanted.variance)
    within(interval.lower, wanted.logitInterval[0]!)
    within(interval.upper, wanted.logitInterval[1]!)
  })

  it.each(curves)(
    "delongInterval has the variance of pROC's symmetric interval: $name",
    ({ labels, scores, ...wanted }) => {
      const { auc, variance } = delongInterval(labels, scores, { positiveClass })
      const reach = 1.959963984540054 * Math.sqrt(variance)
      within(Math.max(0, auc - reach), wanted.plainInterval[0]!)
      within(Math.min(1, auc + reach), wanted.plainInterval[1]!)
    },
  )
})

describe('delongTest', () => {
  it.each(golden.cases)('delongTest agrees with pROC: $name', ({ labels, first, second, test }) => {
    const { z, pValue } = delongTest(labels, first, second, { positiveClass })
    within(z, test.z)
    withinShare(pValue, test.pValue)
  })
})

describe('partialAuc', () => {
  it.each(curves)('partialAuc agrees with pROC: $name', ({ labels, scores, partial }) => {
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
  })
})
