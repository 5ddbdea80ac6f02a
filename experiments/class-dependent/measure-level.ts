import type { Evaluation } from 'tfjs-prune'
import { partialAuc, ratesAtFixed } from 'tfjs-prune/metrics'

/** Rates of false alarms at which systems are compared. */
export const FIXED = [0.05, 0.1, 0.2] as const

const short = (value: number) => Number(value.toPrecision(5))

/** Figures of one level: on the test part, at thresholds that the validation part chose. */
export function measureLevel(validation: Evaluation, test: Evaluation) {
  const sets = { validation: scoresOf(validation), test: scoresOf(test) }
  const { labels, scores } = sets.test
  const upTo = { positiveClass: 1, maximumFalsePositiveRate: 0.2, standardised: true } as const
  return {
    auc: short(test.auc),
    validationAuc: short(validation.auc),
    partialAuc: short(partialAuc(labels, scores, upTo)),
    argmax: { fnr: short(test.falseNegativeRate), fpr: short(test.falsePositiveRate) },
    atFpr: FIXED.map((fpr) => {
      const at = { ...sets, positiveClass: 1, falsePositiveRate: fpr }
      const { curve, moved } = ratesAtFixed(at)
      const { falseNegativeRate, falsePositiveRate } = moved
      return {
        ...{ fpr, curve: short(curve) },
        moved: { fnr: short(falseNegativeRate), fpr: short(falsePositiveRate) },
      }
    }),
  }
}

const scoresOf = ({ labels, scores }: Evaluation) => ({ labels: labels!, scores: scores! })
