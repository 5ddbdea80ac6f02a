import type { ModelWeight } from '../internal/model-weights.js'
import { writeValues } from '../internal/weight-values.js'
import { bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { checkArrays } from './check-arrays.js'
import { checkSameWeights } from './check-same-weights.js'
import { markLeft } from './left-weights.js'
import { type PackedWeights, unpackWeights } from './packed-weights.js'

interface Trained {
  readonly round?: number
  readonly mask: Mask
  readonly trained: PackedWeights
}

/** Writes the trained sparse weights of a round. Throws if it is of another model. */
export function writeTrained(weights: readonly ModelWeight[], round: Trained): void {
  checkArrays(round, { task: 'set the weights', parts: ['mask', 'trained'] })
  const { mask, trained } = round
  bindMask(weights, mask)
  checkSameWeights(weights, trained)
  writeValues(weights, unpackWeights(trained, mask))
  markLeft(weights)
}
