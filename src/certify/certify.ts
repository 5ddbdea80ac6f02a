import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSide } from '../internal/check-side.js'
import { checkSignal } from '../internal/check-signal.js'
import { anything, checkIndex, required } from '../internal/option-checks.js'
import { readWeights, writeWeights } from '../internal/weight-values.js'
import { checkMask } from '../masks/check-mask.js'
import { applyTrained, type Round } from '../rounds/round.js'
import { evaluateUnseen } from '../training/evaluate-on.js'
import { isDataset } from '../training/training-data.js'
import type { ArrayData, Evaluate, NumberArray } from '../types.js'
import {
  type CalibrationData,
  calibrationLabels,
  checkPlaces,
  checkUnseen,
} from './calibration-data.js'
import type { Certificate, CertifiedLevel } from './certificate.js'
import { type CertifyScoresOptions, checkOrder } from './certify-scores.js'
import { riskChecks } from './risks.js'
import { conclude, makePlan, testLevel } from './test-levels.js'

/** Options of {@link certify}. */
export interface CertifyOptions extends CertifyScoresOptions {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /** Samples that nothing else was done with. */
  readonly calibration: CalibrationData
  /**
   * Column of a head with several labels a sample, as in `evaluateOn`; `positiveClass` is 1 or 0
   * then: the samples with the label or those without it. @default the model chooses one class
   */
  readonly label?: number
  /** The model's outputs; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * Indices in the whole data set of all samples used so far, for training and for choices; needs
   * `indices`.
   */
  readonly trainedOn?: NumberArray
  /** Samples a forward pass. @default 256, or those that the model's `batchInputShape` fixes */
  readonly batchSize?: number
  /** Stops between two batches with the signal's reason; the model has its own weights again. */
  readonly signal?: AbortSignal
}

const task = 'certify'
const checks: OptionChecks<CertifyOptions> = {
  ...riskChecks,
  model: required(anything),
  calibration: required(anything),
  positiveClass: required(checkIndex),
  label: checkIndex,
  output: anything,
  trainedOn: anything,
  batchSize: anything,
  signal: checkSignal,
}

/**
 * Finds the sparsest round that provably misses at most a given share of the positive class: hold
 * the false-negative rate, spend the false positives.
 *
 * Scores the calibration samples with the weights of each round, dense to sparse, sets the
 * threshold of each, and stops at the first whose false-positive rate is not provably below its
 * maximum; `certifyScores` has the formulas. The scores are the log-odds of `evaluateOn`: z with
 * one logit, z_pos - z_neg with two. The calibration samples are used up by it: a second
 * certificate on them, after a look at the first, promises nothing.
 *
 * @param rounds Finished rounds, the densities not rising; all of them count as levels, tested or
 *   not.
 * @param options The model, the calibration samples, the positive class, and the rates to be
 *   promised.
 * @returns The certificate: plain data. `accepted` is null when the first round fails. Give the
 *   model that round with `applyTrained` and its threshold with `setDecisionThreshold`. No tensor
 *   is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, samples do not fit the model,
 *   or only one of `indices` and `trainedOn` is given.
 * @throws {RangeError} If a rate or `confidence` is outside (0, 1); calibration samples are too few
 *   (the message names the number), were used before or are among `trainedOn`; a label is no
 *   class of the model; a round does not fit the model; or an output is not finite. The model has
 *   its own weights again then, too.
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
  const { model, calibration, positiveClass, label, output = 'auto', batchSize, signal } = options
  checkModel(model, task)
  checkSide(options, task)
  checkOrder(rounds)
  checkUnseen(calibration)
  const labels = await calibrationLabels(options)
  checkPlaces(options, labels.length)
  const plan = makePlan(labels, { ...options, levels: rounds.length })
  for (const { mask } of rounds) checkMask(model, mask)
  const given = {
    ...(label !== undefined && { label }),
    ...(batchSize !== undefined && { batchSize }),
  }
  const { indices: _, ...samples } = calibration
  const data = isDataset(calibration) ? calibration : (samples as ArrayData)
  const evaluate = evaluateUnseen(data, { ...given, positiveClass, output })
  await evaluate.check?.(model)
  const test = async () => {
    const own = await readWeights(model)
    const tested: CertifiedLevel[] = []
    try {
      for (const round of rounds) {
        applyTrained(model, round)
        const scored = await scoresOf(model, { evaluate, labels, signal })
        tested.push(testLevel({ round: round.round, density: round.density, ...scored }, plan))
        if (!tested.at(-1)!.passed) break
      }
    } finally {
      writeWeights(model, own)
    }
    return conclude(plan, tested)
  }
  return whileBusy(model, test, 'certify')
}

interface Scoring {
  readonly evaluate: Evaluate
  /** Class of each sample as first read. */
  readonly labels: readonly number[]
  readonly signal: AbortSignal | undefined
}

/** Scores and labels of the samples. Throws where a dataset gives others than at first. */
async function scoresOf(model: LayersModel, { evaluate, labels: first, signal }: Scoring) {
  const { scores, labels } = await evaluate(model, { signal })
  const sorted = (classes: ArrayLike<number>) => Float64Array.from(classes).sort()
  const [wanted, got] = [sorted(first), sorted(labels!)]
  if (wanted.length === got.length && wanted.every((label, i) => label === got[i]))
    return { scores: scores!, labels: labels! }
  throw new RangeError(
    'Cannot certify: expected a dataset that gives the same samples in each reading, got others',
  )
}
