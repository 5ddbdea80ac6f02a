import { mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { addAll } from '../internal/add-all.js'

/**
 * Whether all trained weights are finite; one number is read from the device, since 0 w is 0 for
 * these alone.
 */
export async function hasFiniteWeights(model: LayersModel): Promise<boolean> {
  const zero = tidy(() =>
    addAll(model.trainableWeights.map((weight) => sum(mul(weight.read(), 0)))),
  )
  try {
    return Number.isFinite((await zero.data())[0])
  } finally {
    zero.dispose()
  }
}
