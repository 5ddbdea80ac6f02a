import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Loss } from '../types.js'
import { checkClassIndices, checkColumns } from './labels.js'

/**
 * Looks at the labels of a loss, part after part. A loss without settings may mean something else
 * by its labels: there is nothing to check then.
 */
export function labelChecker(
  { outputs: [output] }: LayersModel,
  { settings }: Loss,
  task = 'train',
) {
  const positiveClass = settings?.positiveClass
  if (typeof positiveClass !== 'number') return undefined
  const outputs = Number(output?.shape.at(-1))
  const classes = Math.max(outputs, 2)
  let samples = 0
  let found = false
  return {
    /**
     * Throws unless the labels, class indices or the places of ones in rows of `columns`, are
     * classes of the model.
     */
    look: (labels: readonly number[], columns: number) => {
      checkColumns(columns, { task, classes, owner: 'model' })
      // One output may learn soft labels: the probability of class 1.
      checkClassIndices(labels, { task, classes, soft: outputs === 1, first: samples })
      const isPositive = (label: number) =>
        (outputs === 1 && columns === 1 ? Number(label > 0.5) : label) === positiveClass
      found ||= labels.some(isPositive)
      samples += labels.length
    },
    /** Throws unless a label was the positive class. */
    end: () => {
      if (found) return
      throw new RangeError(
        `Cannot ${task}: expected a sample of the positive class ${positiveClass}, got none`,
      )
    },
  }
}
