import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkCount, required } from '../internal/option-checks.js'
import { labelChecker } from '../training/label-checker.js'
import { classLabels, labelColumns } from '../training/labels.js'
import { countSamples } from '../training/training-data.js'
import type { ScoringSamples } from '../types.js'
import type { FullNeed } from './needs.js'
import { scoringLoss } from './scoring-loss.js'

const checks: OptionChecks<ScoringSamples> = {
  xs: required(anything),
  ys: required(anything),
  loss: anything,
  batchSize: checkCount,
}

/** Throws unless the samples fit the model, and each class that is needed has some. */
export function checkScoringSamples(
  samples: ScoringSamples,
  { model, needs }: { model: LayersModel; needs: readonly FullNeed[] },
): void {
  const task = 'gather statistics'
  checkOptions(samples, { task, checks })
  countSamples(samples, task)
  const loss = scoringLoss(samples, { model, needs })
  const labels = classLabels(samples)
  labelChecker(model, loss, task)?.look(labels, labelColumns(samples))
  const columns = labelColumns(samples)
  const classes = Math.max(Number(model.outputs[0]?.shape.at(-1)), 2)
  if (needs.some((need) => need.class !== undefined) && columns > 1 && columns !== classes) {
    const wanted = `labels of ${classes} columns or one to tell classes`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
  }
  const present = new Set(labels)
  const missing = needs.find((need) => need.class !== undefined && !present.has(need.class))
  if (!missing) return
  const wanted = `samples of class ${missing.class} for its ${missing.statistic}`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got none`)
}
