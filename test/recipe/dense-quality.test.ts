import { randomNormal, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { type Augment, evaluateOn, fit, prune, recipe } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, expect, test } from 'vitest'

beforeAll(() => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
})

test('denseQuality spares the ends, teaches and shifts, and all of it can be replaced', async () => {
  const build = () =>
    sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        layers.flatten(),
        layers.dense({ units: 8, activation: 'relu' }),
        layers.dense({ units: 2 }),
      ],
    })
  const xs = randomNormal([8, 6, 6, 1])
  const data = { xs, ys: Int32Array.from({ length: 8 }, (_, i) => Number(i % 4 === 0)) }
  const { pruning, training } = recipe.denseQuality({ pixels: 1 })
  const run = async (changes: object) => {
    const model = build()
    const { rounds } = await prune(model, {
      ...pruning,
      train: fit(data, { ...training, optimizer: () => train.sgd(0.01), epochs: 1 }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.25],
      ...changes,
    })
    model.dispose()
    return rounds[1]!
  }
  const whole = await run({})
  // Kernels of 27, 384 and 16: a quarter of 427 is 107, of which the ends have 43.
  expect(whole.mask.weights.map(({ kept }) => kept)).toEqual([27, 64, 16])
  expect(whole.made?.teaching).toBe('weight 0.5, temperature 4, logits')
  const plain = await run({ spareEnds: false })
  expect(plain.mask.weights.map(({ kept }) => kept)).toEqual([7, 96, 4])
  xs.dispose()
})

test('denseQuality shifts images only where it is told by how much', () => {
  expect(Object.keys(recipe.denseQuality().training)).toEqual(['loss'])
  const { augment } = recipe.denseQuality({ pixels: 2 }).training
  expect((augment as Augment).settings).toEqual({ name: 'shiftImages', pixels: 2, fill: 'edge' })
})
