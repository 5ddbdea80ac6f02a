import type { Evaluation } from 'tfjs-prune'
import { falseNegativeRateAt, partialAuc, thresholdForFalsePositiveRate } from 'tfjs-prune/metrics'

/** Rates of false alarms at which systems are compared. */
export const FIXED = [0.05, 0.1, 0.2] as const

const short = (value: number) => Number(value.toPrecision(5))

/** Figures of one level: on the test part, at thresholds that the validation part chose. */
export function measureLevel(validation: Evaluation, test: Evaluation) {
  const of = { positiveClass: 1 } as const
  const [labels, scores] = [test.labels!, test.scores!]
  const atFpr = FIXED.map((fpr) => {
    const at = { ...of, falsePositiveRate: fpr }
    const { threshold } = thresholdForFalsePositiveRate(validation.labels!, validation.scores!, at)
    return {
      fpr,
      curve: short(falseNegativeRateAt(labels, scores, at)),
      moved: ratesAbove(test, threshold),
    }
  })
  return {
    auc: short(test.auc),
    validationAuc: short(validation.auc),
    partialAuc: short(
      partialAuc(labels, scores, { ...of, maximumFalsePositiveRate: 0.2, standardised: true }),
    ),
    argmax: { fnr: short(test.falseNegativeRate), fpr: short(test.falsePositiveRate) },
    atFpr,
  }
}

/** FNR and FPR where scores of at least the threshold are positive. */
function ratesAbove({ labels, scores }: Evaluation, threshold: number) {
  const found = { fn: 0, fp: 0, positives: 0, negatives: 0 }
  scores!.forEach((score, i) => {
    const isPositive = labels![i] === 1
    const isFound = score >= threshold
    found[isPositive ? 'positives' : 'negatives']++
    if (isPositive && !isFound) found.fn++
    if (!isPositive && isFound) found.fp++
  })
  return { fnr: short(found.fn / found.positives), fpr: short(found.fp / found.negatives) }
}
