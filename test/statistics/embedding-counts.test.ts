import { tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { computeMask, wanda } from 'tfjs-prune'
import { expect, test } from 'vitest'

test('wanda counts the look-ups of an embedding, on wasm without further kernels', async () => {
  const model = sequential({
    layers: [
      layers.embedding({ name: 'words', inputDim: 4, outputDim: 2, inputLength: 3 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  })
  const ones = tensor2d([
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ])
  model.layers[0]!.setWeights([ones])
  const xs = tensor2d([
    [0, 1, 1],
    [2, 1, 0],
  ])
  const samples = { xs, ys: [0, 1] }
  const select = { include: 'words' }
  const mask = await computeMask(model, { density: 0.5, criterion: wanda(), samples, select })
  // Look-ups: 2, 3, 1 and 0.
  expect(Array.from(mask.weights[0]!.values)).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
  for (const one of [xs, ones, model]) one.dispose()
})
