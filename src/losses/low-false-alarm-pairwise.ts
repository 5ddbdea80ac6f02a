import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkPositive, numberThat } from '../internal/option-checks.js'
import { pairwiseChecks, pairwiseLoss } from './pairwise-loss.js'
import type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'

/** Options of {@link lowFalseAlarmPairwise}: either shares or temperatures. */
export interface LowFalseAlarmPairwiseOptions extends AucPairwiseOptions {
  /** Share q of the negatives that count, the highest scores first: above 0, at most 1. */
  readonly hardest?: number
  /** With `hardest`: share of the positives that count, the lowest first. @default 1 */
  readonly worst?: number
  /**
   * In the place of `hardest`: temperature T of the soft form, above 0. All negatives count, those
   * whose pairs cost more by a factor of exp(cost / T).
   */
  readonly temperature?: number
  /** With `temperature`: the same for the positives. @default all of them count alike */
  readonly positiveTemperature?: number
}

const task = 'make lowFalseAlarmPairwise'
const checkShare = numberThat('a number above 0 and at most 1', (share) => share > 0 && share <= 1)
const checks: OptionChecks<LowFalseAlarmPairwiseOptions> = {
  hardest: checkShare,
  worst: checkShare,
  temperature: checkPositive,
  positiveTemperature: checkPositive,
  ...pairwiseChecks,
}

/**
 * Squared hinge over the pairs of all positives and the highest negatives: spends the model on the
 * negatives that are about to be false alarms, at the end of the ROC curve where false alarms are
 * few. The mirror of `highRecallPairwise`, and the surrogate of the misses at a fixed
 * false-positive rate.
 *
 * With shares, `l_ij = [m - (s_i - s_j)]_+^2` and N_q the ceil(q n-) negatives with the highest
 * scores in the batch, the first of equal ones, W- the sum of their weights:
 * `L = 1/(W+ W-) sum_(i in P) sum_(j in N_q) w_i w_j l_ij`, one-way partial AUC. With `worst`, P is
 * cut down to the lowest positives as well: two-way.
 *
 * With a temperature T,
 * `L = sum_(i in P) (w_i / W+) T log sum_(j in N) (w_j / W-) exp(l_ij / T)`: the worst weighting of
 * the negatives, held to theirs by T times the KL divergence. T to infinity is {@link aucPairwise},
 * T to 0 the highest negative alone. With `positiveTemperature` U, two-way,
 * `L = U log sum_(i in P) (w_i / W+) (sum_(j in N) (w_j / W-) exp(l_ij / T))^(T / U)`. The soft
 * form has no scan: it is a matrix of all pairs at any size.
 *
 * All is of one batch, without the moving averages of LibAUC: a share of few negatives is a noisy
 * choice. All else is as in {@link aucPairwise}.
 *
 * @param options Shares or temperatures, and the options of {@link aucPairwise}.
 * @returns A loss of `yTrue`, `yPred` and, in an own loop, `sampleWeights`, as {@link aucPairwise}
 *   gives. The caller disposes the scalar that it returns.
 * @throws {TypeError} If an option is of the wrong type, or there is not one of `hardest` and
 *   `temperature`, each with its own companion.
 * @throws {RangeError} If an option is out of range, or `form` is `'scan'` with a temperature.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { lowFalseAlarmPairwise } from 'tfjs-prune/losses'
 *
 * const loss = lowFalseAlarmPairwise({ hardest: 0.5 })
 * const labels = tensor1d([1, 0, 0])
 * const [value = 0] = loss(labels, tensor1d([0.5, 1, -3])).dataSync()
 * // Only the negative at 1 counts; its hinge is 1.5.
 * if (value !== 2.25) throw new Error('unexpected loss')
 * ```
 * @see Zhu, Li, Wang, Wu, Yang: When AUC meets DRO: optimizing partial AUC for deep learning with
 *   non-convex convergence guarantee. ICML 2022, arXiv:2203.00176.
 */
export function lowFalseAlarmPairwise(options: LowFalseAlarmPairwiseOptions): PairwiseLoss {
  checkOptions(options, { task, checks })
  checkChoice(options)
  const { hardest, worst, temperature, positiveTemperature } = options
  if (hardest !== undefined)
    return pairwiseLoss('lowFalseAlarmPairwise', options, { hardest, ...(worst && { worst }) })
  return pairwiseLoss('lowFalseAlarmPairwise', options, {
    temperature: temperature!,
    ...(positiveTemperature && { positiveTemperature }),
  })
}

/** Throws unless the options are those of shares or those of temperatures. */
function checkChoice(options: LowFalseAlarmPairwiseOptions): void {
  const { hardest, worst, temperature, positiveTemperature, form } = options
  const soft = temperature !== undefined
  if ((hardest === undefined) !== soft) {
    const got = soft ? 'both' : 'neither'
    throw new TypeError(`Cannot ${task}: expected either hardest or temperature, got ${got}`)
  }
  const [name, lost] = soft ? ['worst', worst] : ['positiveTemperature', positiveTemperature]
  if (lost !== undefined) {
    const of = soft ? 'hardest' : 'temperature'
    throw new TypeError(`Cannot ${task}: expected ${name} with ${of} only, got it without`)
  }
  if (!soft || form !== 'scan') return
  throw new RangeError(`Cannot ${task}: expected form pairs or auto with a temperature, got scan`)
}
