import { type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { fineTune } from '../../src/rewind/fine-tune.js'
import { reinitialise } from '../../src/rewind/reinitialise.js'
import { rewindLearningRate } from '../../src/rewind/rewind-learning-rate.js'
import { rewindTo } from '../../src/rewind/rewind-to.js'
import { rewindToInitial } from '../../src/rewind/rewind-to-initial.js'
import { drawInitial } from '../../src/rounds/draw-initial.js'
import type { Rewinder } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'

/** Which source a rewinder takes its values from: W0 is 1, captured 2, trained 3, drawn 4. */
function sourceOf(rewinder: Rewinder): number {
  return tidy(() => {
    const [initial, captured, trained] = [1, 2, 3].map((value) => tensor1d([value])) as [
      Tensor,
      Tensor,
      Tensor,
    ]
    const draw = () => tensor1d([4])
    return rewinder
      .weights({ name: 'a/kernel', round: 1, initial, captured, trained, draw })
      .dataSync()[0]!
  })
}

test.each<[Rewinder, number, Omit<Rewinder, 'weights'>]>([
  [
    rewindToInitial(),
    1,
    {
      name: 'rewindToInitial',
      statistics: 'rewound',
      optimizer: 'fresh',
      learningRate: 'rewound',
      dataOrder: 'rewound',
    },
  ],
  [
    rewindTo({ epoch: 3 }),
    2,
    {
      name: 'rewindTo(epoch 3)',
      capture: { epoch: 3 },
      statistics: 'rewound',
      optimizer: 'rewound',
      learningRate: 'rewound',
      dataOrder: 'rewound',
    },
  ],
  [
    rewindTo({ step: 200 }),
    2,
    {
      name: 'rewindTo(step 200)',
      capture: { step: 200 },
      statistics: 'rewound',
      optimizer: 'rewound',
      learningRate: 'rewound',
      dataOrder: 'rewound',
    },
  ],
  [
    rewindLearningRate(),
    3,
    {
      name: 'rewindLearningRate',
      statistics: 'kept',
      optimizer: 'fresh',
      learningRate: 'rewound',
      dataOrder: 'continued',
    },
  ],
  [
    fineTune(),
    3,
    {
      name: 'fineTune',
      statistics: 'kept',
      optimizer: 'kept',
      learningRate: 'last',
      dataOrder: 'continued',
    },
  ],
  [
    reinitialise({ seed: 1 }),
    4,
    {
      name: 'reinitialise(seed 1)',
      statistics: 'rewound',
      optimizer: 'fresh',
      learningRate: 'rewound',
      dataOrder: 'rewound',
    },
  ],
])('$name says where each part of the training restarts', (rewinder, source, parts) => {
  const { weights, ...rest } = rewinder
  expect(rest).toEqual(parts)
  expect(sourceOf({ ...rest, weights })).toBe(source)
})

test('reinitialise draws with a seed of its own for each seed, weight and round', () => {
  const seeds = new Set<number>()
  const draw = (seed: number) => {
    seeds.add(seed)
    return tensor1d([seed])
  }
  tidy(() => {
    const source = tensor1d([0])
    for (const seed of [1, 2]) {
      for (const name of ['a/kernel', 'b/kernel']) {
        for (const round of [1, 2, 1]) {
          reinitialise({ seed }).weights({
            name,
            round,
            initial: source,
            captured: source,
            trained: source,
            draw,
          })
        }
      }
    }
  })
  expect(seeds.size).toBe(8)
})

test('reinitialise draws from the initializer of the layer itself', async () => {
  const model = sequential({
    layers: [
      layers.dense({ name: 'wide', units: 50, kernelInitializer: 'heNormal', inputShape: [200] }),
      layers.dense({
        name: 'even',
        units: 40,
        kernelInitializer: {
          className: 'RandomUniform',
          config: { minval: 2, maxval: 3 },
        } as never,
        biasInitializer: 'ones',
      }),
      layers.batchNormalization({ name: 'normal' }),
    ],
  })
  const drawn = (name: string, seed: number) => {
    const weight = modelWeights(model).find((one) => one.name === name)!
    return tidy(() => (drawInitial(weight, seed).dataSync() as Float32Array).slice())
  }
  const spread = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / 10_000)
  const built = model.layers[0]!.getWeights()[0]!.dataSync() as Float32Array
  expect(Math.abs(spread(drawn('wide/kernel', 1)) / spread(built) - 1)).toBeLessThan(0.05)
  expect(drawn('even/kernel', 1).every((value) => value >= 2 && value <= 3)).toBe(true)
  expect([...new Set(drawn('even/bias', 1))]).toEqual([1])
  expect([...new Set(drawn('normal/gamma', 1))]).toEqual([1])
  expect(drawn('wide/kernel', 1)).toEqual(drawn('wide/kernel', 1))
  expect(drawn('wide/kernel', 2)).not.toEqual(drawn('wide/kernel', 1))
  await expect(() => drawn('wide/kernel', 1)).toLeaveNoTensors()
})

test.each([true, false])(
  'reinitialise treats the forget gates of an LSTM as the layer does: %s',
  (unitForgetBias) => {
    const args = {
      unitForgetBias,
      biasInitializer: { className: 'Constant', config: { value: 5 } } as never,
    }
    const layer = layers.lstm({
      units: 2,
      recurrentInitializer: 'glorotNormal',
      inputShape: [3, 2],
      ...args,
    })
    const bias = modelWeights(sequential({ layers: [layer] })).find(({ role }) => role === 'bias')!
    const forget = unitForgetBias ? 1 : 5
    expect(tidy(() => [...drawInitial(bias, 1).dataSync()])).toEqual([
      5,
      5,
      forget,
      forget,
      5,
      5,
      5,
      5,
    ])
    expect([...bias.variable.dataSync()]).toEqual([5, 5, forget, forget, 5, 5, 5, 5])
  },
)

test('reinitialise refuses a layer whose configuration names no initializer', () => {
  class Bare extends layers.Layer {
    static className = 'Bare'
    override getClassName() {
      return 'Bare'
    }
  }
  const weight = {
    name: 'bare/kernel',
    layer: 'bare',
    role: 'kernel',
    shape: [2],
    owner: new Bare({}),
  }
  expect(refusalOf(() => drawInitial(weight as never, 1))).toBe(
    'RangeError: Cannot draw bare/kernel anew: expected a layer with a known kernelInitializer, got none',
  )
})

test('drawInitial says what the orthogonal kernels of tfjs need', () => {
  const config = { recurrentInitializer: { className: 'Orthogonal', config: { gain: 1 } } }
  const weight = {
    name: 'memory/recurrent_kernel',
    role: 'recurrent_kernel',
    className: 'LSTM',
    shape: [2, 8],
    owner: { getConfig: () => config },
  }
  expect(refusalOf(() => drawInitial(weight as never, 1))).toBe(
    "TypeError: Cannot draw memory/recurrent_kernel anew: expected tensors with the methods that Orthogonal of tfjs calls, got none: import '@tensorflow/tfjs', or build the layer with a recurrentInitializer",
  )
})

test.each<[unknown, string]>([
  [
    { epoch: 0 },
    'RangeError: Cannot rewind: expected a whole number of at least 1 as epoch, got 0',
  ],
  [
    { step: 1.5 },
    'RangeError: Cannot rewind: expected a whole number of at least 1 as step, got 1.5',
  ],
  [
    { epoch: Number.NaN },
    'RangeError: Cannot rewind: expected a whole number of at least 1 as epoch, got NaN',
  ],
  [
    { step: '3' },
    'RangeError: Cannot rewind: expected a whole number of at least 1 as step, got 3',
  ],
  [{}, 'TypeError: Cannot rewind: expected { epoch } or { step }, got {}'],
  [
    { epoch: 1, step: 2 },
    'TypeError: Cannot rewind: expected { epoch } or { step }, got {"epoch":1,"step":2}',
  ],
  [{ batch: 2 }, 'TypeError: Cannot rewind: expected { epoch } or { step }, got {"batch":2}'],
])('rewindTo refuses %j', (point, message) => {
  expect(refusalOf(() => rewindTo(point as never))).toBe(message)
})

test.each([
  [0.5, 'RangeError: Cannot reinitialise: expected a whole number as seed, got 0.5'],
  ['1', 'TypeError: Cannot reinitialise: expected a number as seed, got string'],
])('reinitialise refuses the seed %s', (seed, message) => {
  expect(refusalOf(() => reinitialise({ seed: seed as number }))).toBe(message)
})
