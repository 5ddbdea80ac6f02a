import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSide } from '../internal/check-side.js'
import { describe } from '../internal/describe.js'
import { checkFixedRates, USUAL_RATES } from '../internal/fixed-rates.js'
import { checkOutput } from '../internal/model-output.js'
import {
  checkCount,
  checkFinite,
  checkFraction,
  checkIndex,
  required,
} from '../internal/option-checks.js'
import { markSeen } from '../internal/seen-data.js'
import { outputOf } from '../layer-kinds/output-of.js'
import type { Engine, Evaluate, SampleData, SampleEvaluation } from '../types.js'
import { type EvaluatedSamples, sampleReader } from './evaluated-samples.js'
import { checkHead, columnOf } from './label-column.js'
import { checkColumns } from './labels.js'
import { logRows } from './log-rows.js'
import { openModelEngine } from './open-model-engine.js'
import { summarise } from './summarise.js'

/** Options of {@link evaluateOn}. */
export interface EvaluateOptions {
  /**
   * Index of the class that must not be missed. With `label`: 1, the samples that have the label,
   * or 0, those without it.
   */
  readonly positiveClass: number
  /**
   * Column of a head with several labels a sample, each a sigmoid or a logit of its own; `ys` are
   * rows `[n, labels]` of 0 and 1 then. @default the model chooses one class a sample
   */
  readonly label?: number
  /**
   * The model's outputs; `'auto'`: as its last activation says, through nested models and
   * layers that change the shape alone. @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * Probability of the positive class, in (0, 1), from which on a sample counts as positive; or the
   * score from which on it does, in log-odds, as `certify` and `scores` have it.
   * @default 0.5 with one or two outputs; with more, the class of the largest output
   */
  readonly threshold?: number | { readonly logOdds: number }
  /**
   * False-positive rates in [0, 1), at each of which the misses are told as well, by
   * `falseNegativeRateAt` of `tfjs-prune/metrics` and without another pass; `[]` tells none.
   * @default [0.05, 0.1]
   */
  readonly falsePositiveRates?: readonly number[]
  /**
   * Samples a forward pass, for data in memory. @default 256, or those that the model's
   * `batchInputShape` fixes
   */
  readonly batchSize?: number
  /**
   * Runs the model in place of tfjs where that is faster; the evaluation says in `engine` which did
   * and why. Outputs agree to rounding. @default tfjs runs it
   */
  readonly engine?: Engine
}

const task = 'evaluate'
const checks: OptionChecks<EvaluateOptions> = {
  positiveClass: required(checkIndex),
  label: checkIndex,
  output: checkOutput,
  threshold: (value, option) => {
    if (typeof value !== 'object' || value === null) return checkFraction(value, option)
    checkOptions(value, { task, checks: { logOdds: required(checkFinite) } })
  },
  falsePositiveRates: checkFixedRates,
  batchSize: checkCount,
  engine: checkEngine,
}

/**
 * Makes a function that measures a model on labelled samples: the numbers that stopping rules and
 * reports are built on.
 *
 * The score of a sample is its log-odds for the positive class in float64, never a clipped
 * probability, so that AUC is exact where probabilities saturate: z with one logit, z_pos - z_neg
 * with two, z_pos - logsumexp(others) with more. With `label` it is the log-odds of that output
 * alone, and all is as for a model with this output.
 *
 * Beside the misses at the model's own boundary (`threshold`) stand those at fixed false-positive
 * rates, `atFalsePositiveRates`: a pruned network may keep its misses low by more false alarms
 * alone, and there it cannot. With fewer than 1 / rate negatives no false alarm fits in: missed are
 * the positives that do not score above every negative, but for ties with the highest.
 *
 * @param data Inputs and labels; class indices or one-hot rows. In memory, they are never disposed:
 *   labels are read at once, inputs in every round, so that they do not change in between. A dataset
 *   is read afresh in every round, in the memory of one batch, and once before the first for its
 *   labels; its batches are the forward passes.
 * @param options The positive class, the kind of output, the threshold and the fixed rates.
 * @returns A function for `prune`'s `evaluate`; it leaves no tensor behind. What it has measured on
 *   is no calibration data any more: `certify` refuses it.
 * @throws {RangeError} If there are no samples, a label is no class index, a row has several classes
 *   or none (see `label`), no sample has the positive class, the threshold is outside (0, 1) or a
 *   fixed rate outside [0, 1): at once. If a label exceeds the model's classes or an output is not
 *   finite: when it is called with the model.
 * @throws {Error} If a weight of the model changes while it is measured, as in a training or a run
 *   that is not awaited: when it is called with the model.
 * @throws {TypeError} If inputs and labels disagree in number or shape, or rows in length. All of
 *   a dataset is checked when it is read, with the model.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] })
 * model.setWeights([tensor2d([[1]])])
 * const data = { xs: tensor2d([[-2], [1], [3]]), ys: [0, 1, 1] }
 * const evaluate = evaluateOn(data, { positiveClass: 1, falsePositiveRates: [0.1] })
 * const { confusion, auc, atFalsePositiveRates: [atTen] = [] } = await evaluate(model)
 * if (confusion.truePositives !== 2 || auc !== 1) throw new Error('both positives are found')
 * if (atTen?.falseNegatives !== 0) throw new Error('also without a false alarm')
 * ```
 */
export function evaluateOn(data: SampleData, options: EvaluateOptions): Evaluate<SampleEvaluation> {
  const evaluate = evaluateUnseen(data, options)
  const marking: Evaluate<SampleEvaluation> = (model, context) => {
    markSeen(data)
    return evaluate(model, context)
  }
  return Object.assign(marking, { check: evaluate.check })
}

/** As {@link evaluateOn}, but the data count as unseen afterwards: for a certificate. */
export function evaluateUnseen(
  data: SampleData,
  options: EvaluateOptions,
): Required<Evaluate<SampleEvaluation>> & Evaluate<SampleEvaluation> {
  checkOptions(options, { task, checks })
  const { positiveClass, label, output: wanted = 'auto', threshold, batchSize, engine } = options
  checkSide(options, task)
  const falsePositiveRates = [...(options.falsePositiveRates ?? USUAL_RATES)]
  const decision = { positiveClass, threshold, falsePositiveRates }
  const read = sampleReader(data, { task, positiveClass, label, batchSize })
  const measure = async (model: LayersModel, asked: Parameters<typeof read>[1]) => {
    const output = outputOf(model, { task, output: wanted, label })
    const opened = await openModelEngine(engine, { model, task })
    const samples = await read(model, { ...asked, engine: opened }).finally(opened?.dispose)
    const { outputs, predicted, labels } = samples
    const columns = outputs.length / predicted
    if (label !== undefined) checkHead(samples.columns, { task, outputs: columns })
    const rows = logRows(columnOf(outputs, { columns, label }), { samples: predicted, output })
    if (label === undefined) checkClasses(samples, { ...rows, positiveClass })
    return { rows, labels, used: opened?.used }
  }
  const evaluate: Evaluate<SampleEvaluation> = async (model, { signal } = {}) => {
    const { rows, labels, used } = await measure(model, { part: 'all', signal })
    return {
      ...summarise(rows, labels, decision),
      ...(label !== undefined && { label }),
      ...(used && { engine: used }),
    }
  }
  // The first samples show whether inputs and labels fit the model.
  const check = async (model: LayersModel) => {
    const { rows, labels } = await measure(model, { part: 'first' })
    const first = labels.slice(0, rows.values.length / rows.classes)
    return summarise(rows, first, decision)
  }
  return Object.assign(evaluate, { check })
}

function checkEngine(value: unknown, { name }: { name: string }): void {
  if (typeof (value as Partial<Engine> | null)?.open === 'function') return
  const wanted = `${name} with the function open, such as sparseEngine()`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
}

/** Throws unless the labels are classes of the model. */
function checkClasses(
  { columns, labels }: EvaluatedSamples,
  { classes, positiveClass }: { classes: number; positiveClass: number },
): void {
  checkColumns(columns, { task, classes, owner: 'model' })
  const top = labels.reduce((largest, label) => Math.max(largest, label), positiveClass)
  if (top < classes) return
  throw new RangeError(`Cannot ${task}: expected class indices below ${classes}, got ${top}`)
}
