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

/** All labels, in flat order. */
export function labelValues({ ys }: Labelled): NumberArray {
  return ys instanceof TensorClass ? ys.dataSync() : ys
}

/**
 * Class of each sample: the label, or the place of the largest share in its row. Throws unless all
 * are class indices.
 */
export function classLabels(data: Labelled, task: string): number[] {
  const labels = classesOf(labelValues(data), labelColumns(data), { task })
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0))
  if (wrong < 0) return labels
  throw new RangeError(
    `Cannot ${task}: expected class indices as labels, got ${labels[wrong]} for sample ${wrong}`,
  )
}

interface Rows {
  readonly task: string
  /** Number of the first sample. @default 0 */
  readonly first?: number
  /** Rows may share a sample out among classes evenly. @default false */
  readonly soft?: boolean
}

/** Most by which the shares of a row may miss 1: rounding, also that of rough backends. */
const ROUNDING = 1e-5

/**
 * Labels of so many columns as classes; class indices stay. Throws a RangeError for a row that is
 * not one-hot and holds no shares that sum to 1: it names several classes, or none.
 */
export function classesOf(values: NumberArray, columns: number, rows: Rows): number[] {
  if (columns === 1) return Array.from(values)
  const { task, first = 0, soft = false } = rows
  return Array.from({ length: values.length / columns }, (_, i) => {
    const index = placeOfOne(values, { begin: i * columns, columns, soft })
    if (index >= 0) return index
    const row = Array.prototype.slice.call(values, i * columns, i * columns + Math.min(columns, 8))
    const got = `[${row.join(', ')}${columns > 8 ? ', ...' : ''}]`
    throw new RangeError(
      `Cannot ${task}: expected rows with one class as labels, got ${got} for sample ` +
        `${first + i}: for several labels a sample give label, and forLabel or perLabel as loss`,
    )
  })
}

interface Row {
  readonly begin: number
  readonly columns: number
  readonly soft: boolean
}

/** Place of the largest share of a row, -1 where it shares out no sample, or not to one class. */
function placeOfOne(values: NumberArray, { begin, columns, soft }: Row): number {
  let [place, largest, ties, sum] = [-1, Number.NEGATIVE_INFINITY, 0, 0]
  for (let i = 0; i < columns; i++) {
    const share = values[begin + i]!
    if (!(share >= 0)) return -1
    sum += share
    if (share === largest) ties++
    if (share <= largest) continue
    largest = share
    place = i
    ties = 0
  }
  return Math.abs(sum - 1) <= ROUNDING && (soft || ties === 0) ? place : -1
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
