import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { describe } from '../internal/describe.js'
import { checkOutput } from '../internal/model-output.js'
import { checkCount, checkFinite, checkFraction, checkIndex } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { markSeen } from '../internal/seen-data.js'
import { outputOf } from '../layer-kinds/output-of.js'
import { type EvaluatedSamples, sampleReader } from '../training/evaluated-samples.js'
import { checkHead, columnOf } from '../training/label-column.js'
import { type LogRows, logRows } from '../training/log-rows.js'
import { openModelEngine } from '../training/open-model-engine.js'
import { summarise } from '../training/summarise.js'
import type { Engine, SampleData } from '../types.js'
import { task } from './check-outcomes.js'
import type { Outcomes } from './outcomes.js'

/** Options of {@link outcomesOf}. */
export interface OutcomesOptions {
  /** Class that `threshold` is of. @default none: the largest output decides */
  readonly positiveClass?: number
  /**
   * Probability of the positive class, in (0, 1), or its log-odds, from which on a sample is
   * predicted positive, as in `evaluateOn`. @default the largest output decides
   */
  readonly threshold?: number | { readonly logOdds: number }
  /**
   * Column of a head with several labels a sample, as in `evaluateOn`; its classes are 0, without
   * the label, and 1. @default the model chooses one class
   */
  readonly label?: number
  /** The model's outputs; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** Samples a forward pass. @default 256, or those that the model's `batchInputShape` fixes */
  readonly batchSize?: number
  /** Runs the model in place of tfjs where that is faster. @default tfjs runs it */
  readonly engine?: Engine
  /** Stops between two batches with the signal's reason. */
  readonly signal?: AbortSignal
}

const checkThreshold: OptionCheck = (value, option) => {
  if (typeof value !== 'object' || value === null) return checkFraction(value, option)
  const logOdds = (value as { readonly logOdds?: unknown }).logOdds
  checkFinite(logOdds, { ...option, name: `${option.name}.logOdds` })
}

const checkEngine: OptionCheck = (value, { name }) => {
  if (typeof (value as Partial<Engine> | null)?.open === 'function') return
  const wanted = `${name} with the function open, such as sparseEngine()`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
}

/** Checks of the options of {@link outcomesOf}. */
export const outcomesChecks: OptionChecks<OutcomesOptions> = {
  positiveClass: checkIndex,
  threshold: checkThreshold,
  label: checkIndex,
  output: checkOutput,
  batchSize: checkCount,
  engine: checkEngine,
  signal: checkSignal,
}

/** Throws unless a threshold comes with its class. */
export function checkDecided({ positiveClass, threshold }: OutcomesOptions): void {
  if (threshold === undefined || positiveClass !== undefined) return
  throw new TypeError(`Cannot ${task}: expected positiveClass beside threshold, got none`)
}

/**
 * Measures the outcomes of a model on labelled samples, for `auditOutcomes`: labels, predictions
 * and the logits of all classes.
 *
 * `evaluateOn` is its sibling for stopping rules, which keeps the score of one class alone.
 *
 * @param model The model, which is read and not changed.
 * @param data Inputs and labels, as `evaluateOn` takes them; never disposed. They count as seen:
 *   `certify` refuses them afterwards.
 * @param options The decision, the kind of output, and how the model is run.
 * @returns The outcomes: plain data. One output z becomes the logits 0 and z; probabilities become
 *   their logarithms. No tensor is left behind.
 * @throws {TypeError} If inputs and labels disagree, `threshold` lacks `positiveClass`, or an
 *   option is unknown or of the wrong type.
 * @throws {RangeError} If there are no samples, a label is no class of the model, an output is not
 *   finite, or the model does not tell the kind of its output.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { outcomesOf } from 'tfjs-prune/audit'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] })
 * model.setWeights([tensor2d([[1]])])
 * const data = { xs: tensor2d([[-2], [1], [3]]), ys: [0, 1, 1] }
 * const { predictions, logits } = await outcomesOf(model, data)
 * if (Array.from(predictions).join() !== '0,1,1') throw new Error('the sign decides')
 * if (Array.from(logits!).join() !== '0,-2,0,1,0,3') throw new Error('0 and z')
 * ```
 */
export async function outcomesOf(
  model: LayersModel,
  data: SampleData,
  options: OutcomesOptions = {},
): Promise<Outcomes> {
  checkOptions(options, { task, checks: outcomesChecks })
  checkDecided(options)
  const { label, output: wanted = 'auto', batchSize, engine, signal } = options
  const read = sampleReader(data, { task, label, batchSize, positiveClass: undefined })
  const output = outputOf(model, { task, output: wanted, label })
  markSeen(data)
  const opened = await openModelEngine(engine, { model, task })
  const samples = await read(model, { part: 'all', signal, engine: opened }).finally(
    opened?.dispose,
  )
  const { outputs, predicted, labels } = samples
  const columns = outputs.length / predicted
  if (label !== undefined) checkHead(samples.columns, { task, outputs: columns })
  const rows = logRows(columnOf(outputs, { columns, label }), { samples: predicted, output })
  checkClasses(samples, rows, options)
  return {
    labels: Int32Array.from(labels),
    predictions: predictionsOf(rows, labels, options),
    logits: rows.values,
    ...decisionOf(options),
  }
}

function checkClasses(
  { labels }: EvaluatedSamples,
  { classes }: LogRows,
  { positiveClass = 0 }: OutcomesOptions,
): void {
  const top = labels.reduce((largest, label) => Math.max(largest, label), positiveClass)
  if (top < classes) return
  throw new RangeError(`Cannot ${task}: expected class indices below ${classes}, got ${top}`)
}

function predictionsOf(
  rows: LogRows,
  labels: readonly number[],
  { positiveClass, threshold }: OutcomesOptions,
): Int32Array {
  if (positiveClass !== undefined) {
    const decision = { positiveClass, threshold, falsePositiveRates: [] }
    return summarise(rows, labels, decision).predictions!
  }
  const { values, classes } = rows
  return Int32Array.from(labels, (_, i) => {
    const row = values.subarray(i * classes, (i + 1) * classes)
    return row.indexOf(row.reduce((largest, value) => Math.max(largest, value)))
  })
}

/** The class and the log-odds of the decision, where they are asked for. */
function decisionOf({ positiveClass, threshold }: OutcomesOptions) {
  if (positiveClass === undefined) return {}
  if (threshold === undefined) return { positiveClass }
  const logOdds =
    typeof threshold === 'object' ? threshold.logOdds : Math.log(threshold / (1 - threshold))
  return { positiveClass, threshold: logOdds }
}
