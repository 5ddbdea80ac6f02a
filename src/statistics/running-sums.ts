import { add, keep, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { ModelWeight } from '../internal/model-weights.js'
import type { ModelBatch } from '../training/read-dataset.js'
import type { Statistic } from '../types.js'

/** A pass over samples that is under way. */
export interface Running {
  /** Takes in a batch, which is `share` of all samples. */
  readonly look: (batch: ModelBatch, share: number) => void
  /** The statistic of a weight after the last batch: a new tensor. */
  readonly end: (weight: ModelWeight, statistic: Statistic) => Tensor
  readonly dispose: () => void
}

/** Sums of tensors by name that outlive a tidy. */
export function runningSums() {
  const sums = new Map<string, Tensor>()
  return {
    add: (key: string, part: Tensor) => {
      const before = sums.get(key)
      sums.set(key, keep(tidy(() => (before ? add(before, part) : part.clone()))))
      before?.dispose()
    },
    of: (key: string) => sums.get(key),
    dispose: () => {
      for (const sum of sums.values()) sum.dispose()
      sums.clear()
    },
  }
}
