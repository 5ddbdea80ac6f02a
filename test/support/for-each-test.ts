import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterEach, beforeEach } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork } from '../prune/support.js'

/**
 * Before each test makes so many samples and a small network, and hands them on; after it they are
 * disposed. The answer puts a network with the weights of the beginning in the place of the first.
 */
export function forEachTest(
  samples: number,
  take: (data: Samples, model: LayersModel) => void,
): () => void {
  let data: Samples
  let model: LayersModel
  const build = () => {
    model = smallNetwork()
    take(data, model)
  }
  beforeEach(() => {
    data = imbalancedSamples(samples)
    build()
  })
  afterEach(() => {
    data.xs.dispose()
    model.dispose()
  })
  return () => {
    model.dispose()
    build()
  }
}
