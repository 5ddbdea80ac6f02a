import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { required } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { markSeen } from '../internal/seen-data.js'
import { withSamples } from '../statistics/check-gathering.js'
import type { LabelledSamples } from '../statistics/labelled-samples.js'
import { needsOf } from '../statistics/needs.js'
import type { ScoringSamples, Statistic } from '../types.js'

/** Throws a TypeError unless samples are given; how they fit the model is seen later. */
export const checkSamples = required((samples, { task, name }) => {
  if (typeof samples === 'object' && samples !== null) return
  const wanted = `${name} as { xs, ys } or a dataset`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(samples)}`))
})

interface Given {
  readonly samples: ScoringSamples
  /** The statistic that they are for: `'gradient'` needs the loss. */
  readonly need: Statistic
  readonly signal?: AbortSignal | undefined
}

/**
 * Does work with the samples of a repair, which fit the model, and their labels. A dataset is read
 * once for them, whatever the number of passes after that.
 */
export async function withRepairSamples<T>(
  model: LayersModel,
  { samples, need, signal }: Given,
  work: (samples: LabelledSamples) => Promise<T>,
): Promise<T> {
  const needs = needsOf({ needs: [need] })
  return withSamples(samples, { model, needs, signal }, (labelled) => {
    markSeen(samples)
    return work(labelled!)
  })
}
