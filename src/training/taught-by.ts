import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Loss, TaughtOutputs } from '../types.js'
import { labelChecker } from './label-checker.js'
import { labelColumns, labelValues } from './labels.js'
import { isDataset, type TrainingData } from './training-data.js'

const task = 'teach'

interface Asked extends TaughtOutputs {
  readonly model: LayersModel
  readonly loss: Loss
}

/**
 * The outputs that a teacher speaks of: as the run says, or else as the loss does. Throws if the
 * training cannot be taught. A loss without settings may be one of numbers; its labels tell.
 */
export function taughtBy(data: TrainingData, { model, loss, ...asked }: Asked): TaughtOutputs {
  const { settings = {} } = loss
  const { output = settings.output, label = settings.label } = asked as typeof settings
  if (isDataset(data)) {
    if (!model.stateful) return { output, label } as TaughtOutputs
    const wanted = 'data in memory for a stateful model, whose batches follow each other'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got a dataset`)
  }
  if (!loss.settings && !output) {
    const classes = { settings: { priors: true, label } } as unknown as Loss
    labelChecker(model, classes, task)?.look(labelValues(data), labelColumns(data))
  }
  return { output, label } as TaughtOutputs
}
