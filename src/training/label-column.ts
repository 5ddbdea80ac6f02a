import type { ArrayData, NumberArray } from '../types.js'
import { classLabels, labelColumns, labelValues } from './labels.js'

/** Labels of a head that has several a sample: their columns are 0 or 1 each. */
interface Columns {
  readonly task: string
  readonly columns: number
  /** Index of the label; all of them where it is left out. */
  readonly label?: number | undefined
  /** Number of the first sample. @default 0 */
  readonly first?: number
  /** Labels may lie between 0 and 1. @default false */
  readonly soft?: boolean
}

/** One column of rows in flat order, or all values where no label is named. */
export function columnOf(
  values: NumberArray,
  { columns, label }: Pick<Columns, 'columns' | 'label'>,
): NumberArray {
  if (label === undefined) return values
  return Float64Array.from(
    { length: values.length / columns },
    (_, i) => values[i * columns + label]!,
  )
}

/** The labels of one column, or of all. Throws unless every value of the rows is 0 or 1. */
export function checkedColumn(values: NumberArray, rows: Columns): NumberArray {
  const { task, columns, first = 0, soft } = rows
  const fits = (value: number) => (soft ? value >= 0 && value <= 1 : value === 0 || value === 1)
  let wrong = 0
  while (wrong < values.length && fits(values[wrong]!)) wrong++
  if (wrong === values.length) return columnOf(values, rows)
  const sample = Math.floor(wrong / columns)
  const where = `label ${wrong - sample * columns} of sample ${first + sample}`
  throw new RangeError(
    `Cannot ${task}: expected labels of 0 or 1, got ${values[wrong]} as ${where}`,
  )
}

/**
 * Class of each sample: that of its row, or of one label. Throws unless rows are right for it, and
 * `ys` have the label.
 */
export function labelsOf(
  data: Pick<ArrayData, 'ys'>,
  { task, label }: { readonly task: string; readonly label?: number | undefined },
): readonly number[] {
  if (label === undefined) return classLabels(data, task)
  const columns = labelColumns(data)
  checkHead(columns, { task, label })
  return Array.from(checkedColumn(labelValues(data), { task, columns, label }))
}

interface Head {
  readonly task: string
  /** Outputs of the model. @default as many as there are columns */
  readonly outputs?: number
  readonly label?: number | undefined
}

/** Throws unless labels are rows of numbers from 0 to 1, one for each output of a head. */
export function checkLabels(data: Pick<ArrayData, 'ys'>, { task, outputs }: Head): void {
  const columns = labelColumns(data)
  checkHead(columns, { task, ...(outputs && { outputs }) })
  checkedColumn(labelValues(data), { task, columns, soft: true })
}

/** Throws unless a head has a label for each column of the labels, the given one among them. */
export function checkHead(columns: number, { task, outputs = columns, label = 0 }: Head): void {
  if (columns !== outputs) {
    const wanted = `labels of ${outputs} columns, one for each output`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
  }
  if (label < columns) return
  throw new RangeError(
    `Cannot ${task}: expected label to be below the ${columns} columns of the labels, got ${label}`,
  )
}
