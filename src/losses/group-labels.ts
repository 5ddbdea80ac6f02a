import { slice, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import type { NumberArray } from '../types.js'
import { type ClassBudget, partOf } from './class-budget.js'

const task = 'read the groups'

/** Classes and groups of samples. */
export interface GroupedSamples {
  readonly labels: Float32Array
  readonly groups: Float32Array
}

/** The way to read labels that carry groups, for a training that looks at them. */
export interface GroupLabels {
  /** Classes and groups of rows in flat order. Throws unless they are rows `[class, group]`. */
  readonly read: (values: NumberArray, columns: number) => GroupedSamples
  /** Looks at labels part after part. */
  readonly checker: () => {
    /** The classes of a part. */
    readonly look: (values: NumberArray, columns: number) => Float32Array
    /** Throws where all were one-hot rows, or a budget has no sample. */
    readonly end: () => void
  }
}

/** The way to read labels for budgets; undefined where none is of a group. */
export function groupLabels(budgets: readonly ClassBudget[]): GroupLabels | undefined {
  if (budgets.every(({ group }) => group === undefined)) return undefined
  const checker = () => {
    const missing = new Set(budgets.map(partOf))
    let isOneHot = true
    const look = (values: NumberArray, columns: number) => {
      const { labels, groups } = readGroups(values, columns)
      for (const [i, positiveClass] of labels.entries()) {
        missing.delete(partOf({ positiveClass }))
        missing.delete(partOf({ positiveClass, group: groups[i]! }))
        if (positiveClass + groups[i]! !== 1) isOneHot = false
      }
      return labels
    }
    const end = () => {
      const wanted = isOneHot ? 'rows [class, group] as labels' : `a sample of ${[...missing][0]}`
      if (!isOneHot && missing.size === 0) return
      const got = isOneHot ? 'one-hot rows' : 'none'
      throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
    }
    return { look, end }
  }
  return { read: readGroups, checker }
}

function readGroups(values: NumberArray, columns: number): GroupedSamples {
  if (columns !== 2) {
    const got = columns === 1 ? 'class indices alone' : `rows of ${columns} columns`
    throw new TypeError(`Cannot ${task}: expected rows [class, group] as labels, got ${got}`)
  }
  const samples = values.length / 2
  const labels = Float32Array.from({ length: samples }, (_, i) => values[2 * i]!)
  const groups = Float32Array.from({ length: samples }, (_, i) => values[2 * i + 1]!)
  const wrong = groups.findIndex((group) => !(Number.isInteger(group) && group >= 0))
  if (wrong < 0) return { labels, groups }
  const got = `${groups[wrong]} for sample ${wrong}`
  throw new RangeError(`Cannot ${task}: expected whole numbers as groups, got ${got}`)
}

/** The two columns of a batch of labels, `[n, 1]` each. */
export function groupColumns(yTrue: Tensor): readonly [labels: Tensor, groups: Tensor] {
  if (yTrue?.rank !== 2 || yTrue.shape[1] !== 2) {
    const wanted = 'yTrue of rows [class, group], of shape [n, 2]'
    const got = `[${yTrue?.shape ?? typeof yTrue}]`
    throw new TypeError(`Cannot compute falseNegativeBudget: expected ${wanted}, got ${got}`)
  }
  const rows = yTrue as Tensor2D
  return [slice(rows, [0, 0], [-1, 1]), slice(rows, [0, 1], [-1, 1])]
}
