// A criterion is a function from a weight to scores: the highest stay.
import * as tf from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, type Criterion, computeMask, globally, maskStatistics } from 'tfjs-prune'
import { startWasm } from './support/backend.js'

await startWasm()
const model = sequential({
  layers: [
    layers.dense({ units: 64, activation: 'relu', inputShape: [30] }),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 2 }),
  ],
})

// #region criterion
/**
 * Magnitude in units of the layer's own spread, so that layers of different scale compete fairly.
 */
const standardisedMagnitude: Criterion = ({ final }) => {
  const { variance } = tf.moments(final)
  return tf.div(tf.abs(final), tf.sqrt(variance))
}

const mask = await computeMask(model, {
  density: 0.1,
  criterion: standardisedMagnitude,
  allocate: globally(),
})
applyMask(model, mask)
// #endregion

for (const { name, kept, size } of maskStatistics(mask))
  console.log(`${name}: ${kept} of ${size} weights stay`)
console.log(`density ${mask.density.toFixed(4)}`)
