import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkCount, checkIndex, required } from '../internal/option-checks.js'
import { batchSizeOf } from '../training/fixed-batch.js'
import { labelChecker } from '../training/label-checker.js'
import { labelColumns, labelValues } from '../training/labels.js'
import { countSamples, isDataset } from '../training/training-data.js'
import type { ArrayData, ScoringSettings } from '../types.js'
import type { LabelledSamples } from './labelled-samples.js'
import type { FullNeed } from './needs.js'
import { sampleClasses } from './sample-classes.js'
import { scoringLoss } from './scoring-loss.js'

const checks: OptionChecks<ArrayData & ScoringSettings> = {
  xs: required(anything),
  ys: required(anything),
  loss: anything,
  label: checkIndex,
  batchSize: checkCount,
}

/** The work on the samples of one class, or of all, in messages. */
export function taskOf(index: number | undefined): string {
  return index === undefined ? 'gather statistics' : `gather statistics of class ${index}`
}

/** Throws for a stateful model: samples of one class do not follow each other. */
function checkStates({ stateful }: LayersModel, need: FullNeed): void {
  if (!stateful) return
  const wanted = 'a model whose batches do not go on from each other'
  throw new RangeError(`Cannot ${taskOf(need.class)}: expected ${wanted}, got a stateful one`)
}

/** Throws unless the samples fit the model, and each class that is needed has some. */
export function checkScoringSamples(
  samples: LabelledSamples,
  { model, needs }: { model: LayersModel; needs: readonly FullNeed[] },
): void {
  const task = 'gather statistics'
  if (!isDataset(samples)) {
    checkOptions(samples, { task, checks })
    countSamples(samples, task)
  }
  const count = labelValues(samples).length / labelColumns(samples)
  const loss = scoringLoss(samples, { model, needs })
  const columns = labelColumns(samples)
  labelChecker(model, loss, task)?.look(labelValues(samples), columns)
  const { batchSize } = samples
  const check = (of: number, index?: number) =>
    isDataset(samples) ||
    batchSizeOf(model, { task: taskOf(index), samples: of, batchSize, usual: 32 })
  if (needs.some((need) => need.class === undefined)) check(count)
  const ofClasses = needs.filter((need) => need.class !== undefined)
  if (ofClasses.length === 0) return
  const classes = Math.max(Number(model.outputs[0]?.shape.at(-1)), 2)
  if (columns > 1 && columns !== classes) {
    const wanted = `labels of ${classes} columns or one to tell classes`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
  }
  checkStates(model, ofClasses[0]!)
  const all = sampleClasses(samples, task)
  const present = new Set(all)
  const missing = ofClasses.find((need) => !present.has(need.class!))
  if (!missing) {
    for (const need of ofClasses)
      check(all.filter((label) => label === need.class).length, need.class)
    return
  }
  const wanted = `samples of class ${missing.class} for its ${missing.statistic}`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got none`)
}
