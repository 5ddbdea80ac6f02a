import { randomUniform, type Tensor, train as trainers } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import {
  type Augment,
  evaluateOn,
  fit,
  mirrorImages,
  type PruningEvent,
  prune,
  shiftImages,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { quickRun, type Samples, weightBits } from './support.js'

let data: Samples
let model: LayersModel
forEachTest(24, (...own) => {
  ;[data, model] = own
})

const training = { optimizer: () => trainers.sgd(0.1), epochs: 1 }

const words = (task: string) =>
  `TypeError: Cannot ${task}: expected an input of shape [n, height, width, channels], got [n, 6]`

test.each<[string, Augment, string]>([
  ['shiftImages', shiftImages({ pixels: 1 }), words('shift images')],
  ['mirrorImages', mirrorImages(), words('mirror images')],
])(
  'prune refuses %s for a model without images before anything changes',
  async (_, augment, refusal) => {
    const before = weightBits(model)
    const events: PruningEvent[] = []
    for (const pieces of [augment, [augment]]) {
      const run = quickRun(data, { training: { augment: pieces } })
      const onProgress = (event: PruningEvent) => void events.push(event)
      expect(await lateRefusalOf(() => prune(model, { ...run, onProgress }))).toBe(refusal)
    }
    expect(events).toEqual([])
    expect(weightBits(model)).toEqual(before)
  },
)

test('prune asks the check of an augmentation of one’s own, with the shapes of the inputs', async () => {
  const asked: unknown[] = []
  const augment: Augment = Object.assign((batch: Parameters<Augment>[0]) => batch, {
    check: (shapes: unknown) => {
      asked.push(shapes)
      throw new RangeError('Cannot turn: expected squares, got rows')
    },
  })
  const run = quickRun(data, { training: { augment } })
  expect(await lateRefusalOf(() => prune(model, run))).toMatch(/^RangeError: Cannot turn/)
  expect(asked).toEqual([[[null, 6]]])
})

/** A model of images `[4, side, 1]` and rows of two, in a batch of any size. */
function ofTwoInputs(side: number | null): LayersModel {
  const [images, rows] = [input({ shape: [4, side, 1] }), input({ shape: [2] })]
  const pooled = layers.globalAveragePooling2d({}).apply(images) as SymbolicTensor
  const both = layers.concatenate().apply([pooled, rows]) as SymbolicTensor
  const outputs = layers.dense({ units: 2 }).apply(both) as SymbolicTensor
  return fillWeights(modelOf({ inputs: [images, rows], outputs }), 1)
}

test('prune shifts the images of a model that has rows beside them, and refuses more pixels', async () => {
  const ys = Int32Array.from({ length: 8 }, (_, i) => i % 2)
  const xs: Tensor[] = [
    randomUniform([8, 4, 3, 1], 0, 1, 'float32', 1),
    randomUniform([8, 2], 0, 1, 'float32', 2),
  ]
  const run = (pixels: number) => ({
    ...quickRun(data, { schedule: [1, 0.5] }),
    train: fit({ xs, ys }, { ...training, augment: shiftImages({ pixels }) }),
    evaluate: evaluateOn({ xs, ys }, { positiveClass: 1 }),
  })
  const known = ofTwoInputs(3)
  const before = weightBits(known)
  expect(await lateRefusalOf(() => prune(known, run(3)))).toBe(
    'RangeError: Cannot shift images: expected pixels below the sides of images, got 3 for images of 4 x 3',
  )
  expect(weightBits(known)).toEqual(before)
  const unknown = ofTwoInputs(null)
  expect(await lateRefusalOf(() => prune(unknown, run(4)))).toMatch(/got 4 for images of 4 x any$/)
  for (const one of [known, unknown]) expect((await prune(one, run(2))).rounds).toHaveLength(2)
  for (const one of [...xs, known, unknown]) one.dispose()
})
