import { tensor2d } from '@tensorflow/tfjs-core'

/** Six samples with three labels each, any of them at once. */
export const rows = [
  [1, 1, 0],
  [0, 1, 1],
  [1, 0, 0],
  [0, 0, 0],
  [1, 1, 1],
  [0, 1, 0],
]
/** Logits that are right everywhere, of different sizes. */
export const right = rows.map((row, i) =>
  row.map((label, l) => (label ? 1 : -1) * (1 + i + 0.5 * l)),
)
/** The same, but for label 1: a miss in sample 4 and a false alarm in sample 3. */
export const mixed = right.map((row, i) =>
  row.map((z, l) => (l === 1 && (i === 3 || i === 4) ? -z : z)),
)
/** Data of the caller: inputs, which an identity puts out, and labels. */
export const of = (logits: readonly number[][], ys: readonly number[][] = rows) => ({
  xs: tensor2d(logits.map((row) => [...row])),
  ys: tensor2d(ys.map((row) => [...row])),
})
/** Counts of true and false positives and negatives, in the order TP, FN, FP, TN. */
export const confusionOf = (tp: number, fn: number, fp: number, tn: number) => ({
  truePositives: tp,
  falseNegatives: fn,
  falsePositives: fp,
  trueNegatives: tn,
})
