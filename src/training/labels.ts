import { Tensor as TensorClass } from '@tensorflow/tfjs-core'
import type { ArrayData, NumberArray } from '../types.js'

type Labelled = Pick<ArrayData, 'ys'>

/** Throws unless labels are numbers: class indices, or rows of them in a tensor. */
export function checkNumericLabels(ys: ArrayData['ys'], action: string): void {
  if (!(ys instanceof TensorClass)) {
    const wrong = Array.prototype.findIndex.call(ys, (label) => typeof label !== 'number')
    if (wrong < 0) return
    const got = `${Array.isArray(ys[wrong]) ? 'an array' : typeof ys[wrong]} at index ${wrong}`
    throw new TypeError(
      `Cannot ${action}: expected numbers as labels (rows belong in a tensor), got ${got}`,
    )
  }
  if (ys.rank > 2) {
    throw new TypeError(
      `Cannot ${action}: expected labels of shape [n] or [n, classes], got [${ys.shape.join(', ')}]`,
    )
  }
  if (ys.dtype === 'string' || ys.dtype === 'complex64') {
    throw new TypeError(
      `Cannot ${action}: expected numbers as labels, got a tensor of dtype ${ys.dtype}`,
    )
  }
}

/** Columns of the labels: 1 for class indices. */
export function labelColumns({ ys }: Labelled): number {
  return ys instanceof TensorClass ? (ys.shape[1] ?? 1) : 1
}

/** Class of each sample: the label, or the place of the largest value in its row. */
export function classLabels({ ys }: Labelled): number[] {
  const values: NumberArray = ys instanceof TensorClass ? ys.dataSync() : ys
  return placesOfLargest(values, labelColumns({ ys }))
}

/** Rows of labels as classes; class indices stay. Every label is read here. */
export function placesOfLargest(values: NumberArray, columns: number): number[] {
  if (columns === 1) return Array.from(values)
  return Array.from({ length: values.length / columns }, (_, i) => {
    const row = Array.from({ length: columns }, (_unused, column) => values[i * columns + column]!)
    return row.indexOf(Math.max(...row))
  })
}

interface Classes {
  readonly task: string
  readonly classes: number
  /** The owner of the classes, for messages. */
  readonly owner: 'model' | 'teacher'
}

/** Throws unless one-hot rows have a column for each class. */
export function checkColumns(columns: number, { task, classes, owner }: Classes): void {
  if (columns === 1 || columns === classes) return
  const wanted = `labels of ${classes} columns as the ${owner} has classes`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
}

/**
 * Throws unless labels are classes. Losses count an index that is no class as no sample, so that
 * nobody would notice. Soft labels, the probability of class 1, lie between the two classes.
 */
export function checkClassIndices(
  labels: readonly number[],
  {
    task,
    classes,
    soft,
    first = 0,
  }: { task: string; classes: number; soft: boolean; first?: number },
): void {
  const fits = (label: number) =>
    label >= 0 && label <= classes - 1 && (soft || Number.isInteger(label))
  const wrong = labels.findIndex((label) => !fits(label))
  if (wrong < 0) return
  const got = `${labels[wrong]} for sample ${first + wrong}`
  throw new RangeError(
    `Cannot ${task}: expected class indices below ${classes} as labels, got ${got}`,
  )
}
