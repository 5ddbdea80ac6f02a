import { concat, reshape, type Tensor2D, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkCount, checkFlag } from '../internal/option-checks.js'
import { outputOf } from '../layer-kinds/output-of.js'
import type { ArrayData, NumberArray } from '../types.js'
import { checkLabels } from './label-column.js'
import { checkClassIndices, checkColumns, classesOf, labelColumns, labelValues } from './labels.js'
import { logRows } from './log-rows.js'
import { predictRows } from './predict-rows.js'
import { checkKeys, countSamples } from './training-data.js'

/** Options of {@link withTeacher}. */
export interface WithTeacherOptions {
  /** The teacher's outputs; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * Each output of the teacher is a label of its own, a sigmoid or a logit, and labels are rows
   * `[n, labels]` of 0 and 1: for `perLabel(distillation())`. @default false
   */
  readonly perLabel?: boolean
  /** Samples a forward pass. @default 256, or those that the teacher's `batchInputShape` fixes */
  readonly batchSize?: number
}

/** Samples whose labels carry the logits of a teacher. */
export interface TaughtData {
  /** The inputs of the data that it was made from: the same object. */
  readonly xs: ArrayData['xs']
  /**
   * Rows `[label, logit of each class]` or `[one-hot row, logit of each class]`, with `perLabel`
   * `[label, 0, logit]` of each label in turn; float32. The caller disposes them.
   */
  readonly ys: Tensor2D
}

const task = 'add a teacher'
const checks: OptionChecks<WithTeacherOptions> = {
  output: checkOutput,
  perLabel: checkFlag,
  batchSize: checkCount,
}

/**
 * Writes the logits of a trained model, the teacher, beside the labels, for the loss
 * `distillation` of `tfjs-prune/losses`.
 *
 * In a run of `prune` the option `teach` does so by itself, with any loss: {@link denseTeacher} for
 * the dense round, {@link modelTeacher} for another model. Labels with a teacher are for trainings
 * without a run, such as `model.fitDataset`.
 *
 * The teacher is asked once, as it is now and in inference: it may be the very model that is pruned
 * afterwards, and its weights may change then. Rows of `ys` hold the label as it was given, a class
 * index or a one-hot row, and then one logit for each class. A teacher with one output z stands
 * there with the logits 0 and z, so that it can teach a model with two outputs, and the other way
 * round. Probabilities become logits by their logarithms. With `perLabel` each label is such a
 * teacher by itself. Measure models on the original data.
 *
 * @param teacher A trained model with one output tensor `[n]`, `[n, 1]` or `[n, classes]`.
 * @param data Inputs and labels in memory; they stay as they are.
 * @param options The kind of the teacher's outputs.
 * @returns New data: the same inputs, and new labels `[n, 1 + classes]` or `[n, 2 classes]`, with
 *   `perLabel` `[n, 3 labels]`, that the caller disposes.
 * @throws {TypeError} If inputs, labels and teacher do not fit together in number or shape.
 * @throws {RangeError} If there are no samples, a label is no class of the teacher, or an output is
 *   not finite, or no probability where the options promise it.
 * @see Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv
 *   1503.02531.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { withTeacher } from 'tfjs-prune'
 *
 * const teacher = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] })
 * teacher.setWeights([tensor2d([[2]])])
 * const taught = await withTeacher(teacher, { xs: tensor2d([[-1], [3]]), ys: [0, 1] })
 * if (taught.ys.dataSync().join() !== '0,0,-2,1,0,6') throw new Error('label, logit of class 0, logit of class 1')
 * taught.ys.dispose()
 * ```
 */
export async function withTeacher(
  teacher: LayersModel,
  data: ArrayData,
  options: WithTeacherOptions = {},
): Promise<TaughtData> {
  checkOptions(options, { task, checks })
  const { output: wanted = 'auto', perLabel = false, batchSize } = options
  checkKeys(data, task)
  const samples = countSamples(data, task)
  const label = perLabel ? 'all' : undefined
  const output = outputOf(teacher, { task, output: wanted, label })
  const outputs = await predictRows(teacher, { task, xs: data.xs, samples, batchSize })
  const heads = perLabel ? outputs.length / samples : 1
  // Each label is a head of one output, for one sample more.
  const { values, classes } = logRows(outputs, { samples, heads, output })
  const columns = labelColumns(data) / heads
  if (perLabel) checkLabels(data, { task, outputs: heads })
  else checkClasses(data, teacher, classes)
  const rows = (all: NumberArray, width: number) =>
    tensor(Float32Array.from(all), [samples * heads, width]) as Tensor2D
  const ys = tidy(() => {
    const all = concat([rows(labelValues(data), columns), rows(values, classes)], 1)
    return reshape(all, [samples, -1]) as Tensor2D
  })
  return { xs: data.xs, ys }
}

/** Throws unless each sample has one class of the teacher, or a soft label of its one output. */
function checkClasses(data: ArrayData, teacher: LayersModel, classes: number): void {
  const columns = labelColumns(data)
  checkColumns(columns, { task, classes, owner: 'teacher' })
  const soft = teacher.outputs[0]!.shape.at(-1) === 1
  const labels = classesOf(labelValues(data), columns, { task, soft: true })
  checkClassIndices(labels, { task, classes, soft })
}
