import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { GroupLabels } from '../losses/group-labels.js'
import type { Loss, NumberArray } from '../types.js'
import { checkedColumn, checkHead } from './label-column.js'
import { checkClassIndices, checkColumns, classesOf } from './labels.js'

type Settings = NonNullable<Loss['settings']>

/**
 * Whether a loss reads labels as classes. One without settings may mean something else by its
 * labels, and those of distillation carry a teacher: `withTeacher` looks at them.
 */
function readsClasses({ positiveClass, priors, losses }: Settings): boolean {
  return (
    typeof positiveClass === 'number' ||
    priors !== undefined ||
    ((losses ?? []) as readonly Settings[]).some(readsClasses)
  )
}

interface Read {
  readonly columns: number
  readonly first: number
}

/** Looks at the labels of a loss, part after part; undefined where there is nothing to check. */
export function labelChecker(
  { outputs: [output] }: LayersModel,
  loss: Loss & { readonly groups?: GroupLabels },
  task = 'train',
) {
  const { settings = {} } = loss
  if (!readsClasses(settings)) return undefined
  const { positiveClass, label } = settings
  const { shape } = output!
  const outputs = shape.length > 1 ? Number(shape.at(-1)) : 1
  const read = label === undefined ? classes : several
  const groups = loss.groups?.checker()
  let samples = 0
  let found = typeof positiveClass !== 'number'

  /** Class indices, or rows with one class each. One output may learn soft labels. */
  function classes(values: NumberArray, { columns, first }: Read): readonly number[] {
    const count = Math.max(outputs, 2)
    checkColumns(columns, { task, classes: count, owner: 'model' })
    const labels = classesOf(values, columns, { task, first, soft: true })
    checkClassIndices(labels, { task, classes: count, soft: outputs === 1, first })
    return outputs === 1 && columns === 1 ? labels.map((one) => Number(one > 0.5)) : labels
  }

  /** Several labels a sample, of which a loss reads one or all. */
  function several(values: NumberArray, { columns, first }: Read): readonly number[] {
    const one = typeof label === 'number' ? label : undefined
    checkHead(columns, { task, outputs, label: one })
    const labels = checkedColumn(values, { task, columns, label: one, first, soft: true })
    return Array.from(labels, (share) => Number(share > 0.5))
  }

  return {
    /** Throws unless the labels, so many `columns` a sample, are those of the model's classes. */
    look: (values: NumberArray, columns: number) => {
      const own = groups?.look(values, columns)
      const labels = read(own ?? values, { columns: own ? 1 : columns, first: samples })
      found ||= labels.includes(positiveClass as number)
      samples += values.length / columns
    },
    /** Throws unless a label was the positive class. */
    end: () => {
      if (found) return groups?.end()
      throw new RangeError(
        `Cannot ${task}: expected a sample of the positive class ${positiveClass}, got none`,
      )
    },
  }
}
