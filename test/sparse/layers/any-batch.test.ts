import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { compileSparse } from 'tfjs-prune/sparse'
import { describe, expect, test } from 'vitest'
import { through } from '../../support/through.js'
import { randomValues } from '../../support/weights.js'
import { prunedWeights } from '../support/compare.js'
import { layerCases } from '../support/layer-cases.js'
import { recurrentCases } from '../support/recurrent-cases.js'

const SAMPLES = 16

/** A convolution that keeps the shape of images, so that the layer behind it sees planes. */
const inFront = (shape: readonly number[]): layers.Layer[] =>
  shape.length === 3
    ? [layers.conv2d({ filters: shape[2]!, kernelSize: 3, padding: 'same', name: 'in_front' })]
    : []

describe('a compiled layer gives the same bits for 16 samples as one by one', () => {
  test.each([...layerCases, ...recurrentCases])('%s', async (_, shape, chain) => {
    for (const before of [[], inFront(shape)]) {
      const inputs = input({ shape: [...shape] })
      const all = [...before, ...chain()]
      const outputs = all.reduce<SymbolicTensor>((x, layer) => through(layer, x), inputs)
      const own = prunedWeights(model({ inputs, outputs }))
      const network = await compileSparse(own)
      const size = shape.reduce((product, side) => product * side, 1)
      const values = Float32Array.from(randomValues(SAMPLES * size, 5))
      const together = network.predict(values) as Float32Array
      const alone = Array.from({ length: SAMPLES }, (_, i) => [
        ...(network.predict(values.subarray(i * size, (i + 1) * size)) as Float32Array),
      ]).flat()
      expect([...together]).toEqual(alone)
      network.dispose()
      own.dispose()
    }
  })
})
