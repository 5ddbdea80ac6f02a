import type { LayersModel } from '@tensorflow/tfjs-layers'
import { wholeUnits } from '../granularity/whole-units.js'
import type { Mask } from '../masks/mask.js'
import type { RoundReport } from '../types.js'

/**
 * The mask that a run held in a round: its own, and the weights that `complete` of the granularity
 * adds. A round tells how many elements those are. Throws a RangeError where the added ones are not
 * those of whole units.
 */
export function heldMask(
  model: LayersModel,
  { mask, densityOverAll }: Pick<RoundReport, 'densityOverAll'> & { readonly mask: Mask },
  task: string,
): Mask {
  if (mask.densityOverAll === densityOverAll) return mask
  const whole = wholeUnits(model, mask)
  if (whole.densityOverAll === densityOverAll) return whole
  throw new RangeError(
    `Cannot ${task}: expected a round that held whole units, got one that held other weights at 0: ` +
      'give { ...round, mask } with the mask that complete of its granularity makes',
  )
}
