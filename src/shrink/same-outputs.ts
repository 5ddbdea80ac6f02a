import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { inferOnBatch } from '../scoring/infer-on-batch.js'
import { differenceOf } from './difference.js'
import { firstDifference } from './first-difference.js'
import type { Plan } from './plan.js'

interface Comparison {
  readonly plan: Plan
  readonly probes: readonly Tensor[]
  /** Largest difference, as a share of the largest value of the output. */
  readonly tolerance: number
}

/** Throws a RangeError, with the first layer that differs, unless both models compute the same for the probes. */
export async function checkSameOutputs(
  model: LayersModel,
  small: LayersModel,
  { plan, probes, tolerance }: Comparison,
): Promise<void> {
  const wanted = [inferOnBatch(model, probes)].flat()
  const got = [inferOnBatch(small, probes)].flat()
  try {
    for (const [i, output] of wanted.entries()) {
      const name = model.outputNames[i]!
      const { share, finite } = await differenceOf(output, got[i]!)
      if (!finite) throw refuse('finite outputs for the probes', `others at ${name}`)
      if (share <= tolerance) continue
      const layer = await firstDifference([model, small], probes, { keptOf: plan.keptOf, tolerance })
      const wantedShare = `the outputs of all layers to differ by ${tolerance} of the largest at most`
      throw refuse(wantedShare, `${share.toPrecision(3)} at ${name}, and ${layer ?? name} as the first that differs`)
    }
  } finally {
    dispose([...wanted, ...got])
  }
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot shrink the model: expected ${wanted}, got ${got}`)
}
