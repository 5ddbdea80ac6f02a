import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { inferOnBatch } from '../statistics/infer-on-batch.js'
import { differenceOf } from './difference.js'
import { type ComparedChannels, firstDifference } from './first-difference.js'

/** The inputs that two models are compared on, and how far their outputs may differ. */
export interface Comparison extends Pick<ComparedChannels, 'tolerance'> {
  readonly probes: readonly Tensor[]
}

interface Compared extends Comparison, ComparedChannels {
  /** Words for the outputs that may differ by the tolerance at most. */
  readonly what: string
  /** Outputs that are not finite are passed over: others judge them. @default false */
  readonly passInfinite?: boolean
}

/**
 * Throws a RangeError, with the first layer that differs, unless both models compute the same for
 * the probes.
 */
export async function checkSameOutputs(
  model: LayersModel,
  small: LayersModel,
  { probes, what, passInfinite = false, tolerance, keptOf }: Compared,
): Promise<void> {
  const wanted = [inferOnBatch(model, probes)].flat()
  const got: Tensor[] = []
  try {
    got.push(...[inferOnBatch(small, probes)].flat())
    for (const [i, output] of wanted.entries()) {
      const name = model.outputNames[i]!
      const { share, finite } = await differenceOf(output, got[i]!)
      if (!finite && !passInfinite)
        throw refuse('finite outputs for the probes', `others at ${name}`)
      if (!finite || share <= tolerance) continue
      const layer = await firstDifference([model, small], probes, { keptOf, tolerance })
      const wantedShare = `${what} to differ by ${tolerance} of the largest at most`
      throw refuse(
        wantedShare,
        `${share.toPrecision(3)} at ${name}, and ${layer ?? name} as the first that differs`,
      )
    }
  } finally {
    dispose([...wanted, ...got])
  }
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot shrink the model: expected ${wanted}, got ${got}`)
}
