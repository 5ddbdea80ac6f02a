// Area under the ROC curve of a million scores, without and with DeLong's interval, against
// scikit-learn.
import { aucRoc, delongInterval } from 'tfjs-prune/metrics'
import { bestOf, report } from './support/measure.js'
import { runPython } from './support/python.js'

const SAMPLES = 1_000_000
/** All scores distinct, and some thousand distinct ones. */
const DIGITS = [15, 3]

/** Standard normal, by Box and Muller. */
const normal = () =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())

export async function run(): Promise<void> {
  const labels = Uint8Array.from({ length: SAMPLES }, (_, i) => Number(i % 10 === 0))
  for (const digits of DIGITS) {
    const scores = Float64Array.from(labels, (label) => Number((normal() + label).toFixed(digits)))
    const python = runPython<{ seconds: number }>('auc.py', [SAMPLES, digits], { needs: 'sklearn' })
    const subjects = { aucRoc, delongInterval }
    for (const [subject, measure] of Object.entries(subjects)) {
      const seconds = await bestOf(8, () => measure(labels, scores, { positiveClass: 1 }))
      const common = {
        bench: 'auc',
        samples: SAMPLES,
        distinct: new Set(scores).size,
        subject,
        seconds,
      }
      if ('missing' in python)
        report({ ...common, baseline: 'roc_auc_score', missing: python.missing })
      else {
        const ratio = python.seconds / seconds
        report({ ...common, baseline: 'roc_auc_score', baselineSeconds: python.seconds, ratio })
      }
    }
  }
}
