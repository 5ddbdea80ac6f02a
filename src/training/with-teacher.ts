import {
  concat,
  type Tensor,
  type Tensor2D,
  Tensor as TensorClass,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkOutput } from '../internal/model-output.js'
import { checkNumber } from '../internal/option-checks.js'
import { outputOf } from '../layer-kinds/output-of.js'
import type { ArrayData } from '../types.js'
import { logRows } from './log-rows.js'
import {
  checkInputs,
  classLabels,
  countSamples,
  inputTensors,
  labelColumns,
} from './training-data.js'

/** Options of {@link withTeacher}. */
export interface WithTeacherOptions {
  /** What the teacher puts out; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** Samples a forward pass. @default 256 */
  readonly batchSize?: number
}

/** Samples whose labels carry the logits of a teacher. */
export interface TaughtData {
  /** The inputs of the data that it was made from: the same object. */
  readonly xs: ArrayData['xs']
  /**
   * Rows `[label, logit of each class]` or `[one-hot row, logit of each class]`, float32. The
   * caller disposes them.
   */
  readonly ys: Tensor2D
}

const task = 'add a teacher'

/**
 * Writes the logits of a trained model, the teacher, beside the labels, for the loss
 * `distillation` of `tfjs-prune/losses`.
 *
 * The teacher is asked once, as it is now and in inference: it may be the very model that is pruned
 * afterwards, and its weights may change then. Rows of `ys` hold the label as it was given, a class
 * index or a one-hot row, and then one logit for each class. A teacher with one output z stands
 * there with the logits 0 and z, so that it can teach a model with two outputs, and the other way
 * round. Probabilities become logits by their logarithms. Measure models on the original data.
 *
 * @param teacher A trained model with one output tensor `[n]`, `[n, 1]` or `[n, classes]`.
 * @param data Inputs and labels in memory; they stay as they are.
 * @param options What the teacher puts out.
 * @returns New data: the same inputs, and new labels `[n, 1 + classes]` or `[n, 2 classes]` that
 *   the caller disposes.
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
  checkOptionNames(options, { task, known: ['output', 'batchSize'] })
  const { output: wanted = 'auto', batchSize = 256 } = options
  checkOutput(wanted, { task, name: 'output' })
  const accepts = (size: number) => Number.isInteger(size) && size >= 1
  checkNumber(batchSize, {
    task,
    name: 'batchSize',
    wanted: 'a whole number of at least 1',
    accepts,
  })
  const samples = countSamples(data, task)
  const output = outputOf(teacher, { task, output: wanted })
  const { values, classes } = logRows(await ask(teacher, data.xs, batchSize), { samples, output })
  checkLabels(data, classes, { soft: teacher.outputs[0]!.shape.at(-1) === 1 })
  const ys = tidy(() => {
    const labels = data.ys instanceof TensorClass ? data.ys.dataSync() : data.ys
    const columns = [
      tensor(Float32Array.from(labels), [samples, labelColumns(data)]),
      tensor(Float32Array.from(values), [samples, classes]),
    ]
    return concat(columns as Tensor2D[], 1)
  })
  return { xs: data.xs, ys }
}

/** The teacher's outputs in flat order. */
async function ask(
  teacher: LayersModel,
  xs: ArrayData['xs'],
  batchSize: number,
): Promise<ArrayLike<number>> {
  if (teacher.outputs.length !== 1) {
    throw new TypeError(
      `Cannot ${task}: expected a model with one output, got ${teacher.outputs.length}`,
    )
  }
  const { tensors, made } = inputTensors(xs)
  let outputs: Tensor | undefined
  try {
    checkInputs(teacher, tensors, task)
    outputs = teacher.predict(tensors.length === 1 ? tensors[0]! : [...tensors], {
      batchSize,
    }) as Tensor
    if (outputs.rank <= 2) return await outputs.data()
    const got = `[${outputs.shape.join(', ')}]`
    throw new TypeError(
      `Cannot ${task}: expected outputs of shape [n], [n, 1] or [n, classes], got ${got}`,
    )
  } finally {
    outputs?.dispose()
    for (const one of made) one.dispose()
  }
}

/** Losses count an index that is no class as no sample, so that nobody would notice. */
function checkLabels(data: ArrayData, classes: number, { soft }: { soft: boolean }): void {
  const columns = labelColumns(data)
  if (columns > 1 && columns !== classes) {
    const wanted = `labels of ${classes} columns as the teacher has classes`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
  }
  const fits = (label: number) =>
    label >= 0 && label <= classes - 1 && (soft || Number.isInteger(label))
  const labels = classLabels(data)
  const wrong = labels.findIndex((label) => !fits(label))
  if (wrong < 0) return
  const got = `${labels[wrong]} for sample ${wrong}`
  throw new RangeError(
    `Cannot ${task}: expected class indices below ${classes} as labels, got ${got}`,
  )
}
