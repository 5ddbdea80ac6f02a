import { labelsOf } from '../training/label-column.js'
import type { LabelledSamples } from './labelled-samples.js'

/**
 * Class of each sample, for statistics by class. A loss of one label names the column as well; with
 * one of all labels, the samples must.
 */
export function sampleClasses(
  samples: Pick<LabelledSamples, 'ys' | 'label' | 'loss'>,
  task: string,
): readonly number[] {
  const { label = samples.loss?.settings?.label } = samples
  if (label === undefined || typeof label === 'number') return labelsOf(samples, { task, label })
  throw new RangeError(
    `Cannot ${task}: expected label beside a loss of all labels, to tell classes, got none`,
  )
}
