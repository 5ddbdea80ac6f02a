import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSide } from '../internal/check-side.js'
import { copyOptions } from '../internal/copy-options.js'
import { anything, checkIndex, required } from '../internal/option-checks.js'
import { checkMask } from '../masks/check-mask.js'
import type { Round } from '../rounds/round.js'
import type { NumberArray } from '../types.js'
import {
  type CalibrationData,
  calibrationEvaluate,
  calibrationLabels,
  checkPlaces,
  checkUnseen,
  checkUnused,
} from './calibration-data.js'
import type { Certificate } from './certificate.js'
import { type CertifyScoresOptions, checkOrder } from './certify-scores.js'
import { checkLevelMethod } from './method.js'
import { makePlan } from './plan.js'
import { riskChecks } from './risks.js'
import { type CertifyRunOptions, runChecks } from './run-options.js'
import { testRounds } from './test-rounds.js'
import { checkEvaluations, checkTuning, type TuningData, tuningEvaluate } from './tuning-data.js'

/** Options of {@link certify}. */
export interface CertifyOptions extends CertifyScoresOptions, CertifyRunOptions {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /** Samples that nothing else was done with. */
  readonly calibration: CalibrationData
  /**
   * Samples that the thresholds of `fixed-sequence` come from, none of them among the calibration
   * samples. @default the scores in each round's `evaluation`
   */
  readonly tuning?: TuningData
  /**
   * Column of a head with several labels a sample, as in `evaluateOn`; `positiveClass` is 1 or 0
   * then: the samples with the label or those without it. @default the model chooses one class
   */
  readonly label?: number
  /**
   * Indices in the whole data set of all samples used so far, for training and for choices; needs
   * `indices`.
   */
  readonly trainedOn?: NumberArray
}

const task = 'certify'
const checks: OptionChecks<CertifyOptions> = {
  ...riskChecks,
  ...runChecks,
  model: required(anything),
  calibration: required(anything),
  tuning: anything,
  method: checkLevelMethod,
  positiveClass: required(checkIndex),
  label: checkIndex,
  trainedOn: anything,
  batchSize: anything,
}

/**
 * Finds the sparsest round that provably misses at most a given share of the positive class: hold
 * the false-negative rate, spend the false positives.
 *
 * Scores the calibration samples with the weights of each round, dense to sparse, sets the
 * threshold of each, and stops at the first that fails its test; `certifyScores` has the formulas.
 * The scores are the log-odds of `evaluateOn`: z with one logit, z_pos - z_neg with two.
 *
 * With `fixed-sequence` the threshold of a round is `likeliestThreshold` of `tuning`, or of the
 * scores in the round's own evaluation: these samples may have seen training and choices. Known
 * overlaps are refused: an array, a tensor or a row of a nested list in both sets, an index in both
 * `indices`. Single samples of equal values are not looked for, since two may be alike; both sets
 * with the same labels and scores throughout are refused once the first round is scored.
 *
 * The calibration samples are used up by it. A second certificate on the same arrays, after a look
 * at the first, would promise nothing: it is refused without `reusesCalibration`. A call that is
 * refused or aborted before they are scored leaves them as they were.
 *
 * @param rounds Finished rounds, the densities not rising; all of them count as levels, tested or
 *   not.
 * @param options The model, the calibration samples, the positive class, and the rates to be
 *   promised.
 * @returns The certificate: plain data. `accepted` is null when the first round fails. Give the
 *   model that round with `applyTrained` and its threshold with `setDecisionThreshold`. No tensor
 *   is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, samples do not fit the model,
 *   only one of `indices` and `trainedOn` is given, `tuning` alone has `indices`, or there is not
 *   one for each sample.
 * @throws {RangeError} If a rate or `confidence` is outside (0, 1); calibration samples are too few
 *   (the message names the number), were used before, by another certificate too, or are among
 *   `trainedOn` or `tuning`, or score like these in the first round; an evaluation is of another
 *   class than `positiveClass`; a label is no class of the model; a round does not fit the model;
 *   or an output is not finite. The model has its own weights again then, too.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 * import { certify, setDecisionThreshold } from 'tfjs-prune/certify'
 *
 * const samples = (count: number) => {
 *   const ys = Int32Array.from({ length: count }, (_, i) => i % 2)
 *   return { xs: tensor2d(Array.from(ys, (label, i) => [4 * label - 2, Math.sin(i)])), ys }
 * }
 * const [data, calibration] = [samples(32), samples(200)]
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const certificate = await certify(rounds, { model, calibration, positiveClass: 1, maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 })
 * const { accepted, reason } = certificate
 * if (!accepted) throw new Error(reason)
 * applyTrained(model, rounds.find(({ round }) => round === accepted.round)!)
 * setDecisionThreshold(model, { threshold: accepted.threshold, positiveClass: 1, certificate })
 * ```
 */
export async function certify(
  rounds: readonly Round[],
  options: CertifyOptions,
): Promise<Certificate> {
  checkOptions(options, { task, checks })
  const own = copyOptions(options, checks)
  const { model, calibration, tuning, method = 'bonferroni' } = own
  checkModel(model, task)
  checkSide(options, task)
  checkOrder(rounds)
  checkUnseen(calibration)
  checkMethodData(rounds, options)
  const labels = await calibrationLabels(options)
  checkPlaces(options, labels.length)
  const plan = makePlan(labels, { ...own, method, levels: rounds.length })
  checkUnused(options)
  for (const { mask } of rounds) checkMask(model, mask)
  const evaluate = calibrationEvaluate(options)
  const tune = tuning && tuningEvaluate({ ...own, tuning })
  const scoring = { evaluate, labels, signal: options.signal }
  const test = async () => {
    for (const one of [evaluate, tune]) await one?.check?.(model)
    return testRounds(rounds, { ...own, plan, scoring, tune })
  }
  return whileBusy(model, test, task)
}

/** Throws unless tuning data stand where thresholds need them, and nowhere else. */
function checkMethodData(rounds: readonly Round[], options: CertifyOptions): void {
  const { method, tuning, calibration } = options
  if (tuning !== undefined) checkTuning(tuning, calibration)
  if (method === 'fixed-sequence' && tuning === undefined) checkEvaluations(rounds, options)
  if (method === 'fixed-sequence' || tuning === undefined) return
  const wanted = "method: 'fixed-sequence' with tuning"
  throw new TypeError(`Cannot certify: expected ${wanted}, got ${method ?? 'bonferroni'}`)
}
