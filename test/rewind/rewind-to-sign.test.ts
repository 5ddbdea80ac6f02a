import { tensor2d, train } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { prune } from '../../src/prune.js'
import { reinitialise } from '../../src/rewind/reinitialise.js'
import { type RewindToSignOptions, rewindToSign } from '../../src/rewind/rewind-to-sign.js'
import { applyTicket, type Round } from '../../src/rounds/round.js'
import { densityList } from '../../src/schedules/density-list.js'
import { never } from '../../src/stopping/never.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'
import type { Rewinder } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { randomValues, weightsByName } from '../support/weights.js'

const build = () =>
  sequential({
    layers: [
      layers.dense({
        name: 'hidden',
        units: 8,
        activation: 'relu',
        kernelInitializer: initializers.heNormal({ seed: 1 }),
        biasInitializer: initializers.constant({ value: 0.25 }),
        inputShape: [4],
      }),
      layers.dense({
        name: 'out',
        units: 2,
        kernelInitializer: initializers.glorotNormal({ seed: 2 }),
      }),
    ],
  })

const ys = Array.from({ length: 8 }, (_, i) => i % 2)
const data = { xs: ys.map((_, i) => [...randomValues(4, 40 + i)]), ys }

/** W0, the round at half density, and what its training began with. */
async function restart(rewind: Rewinder) {
  const model = build()
  const initial = weightsByName(model)
  const starts: Record<string, Float32Array>[] = []
  const optimizer = () => train.sgd(0.1)
  const training = fit(data, {
    loss: weightedCrossentropy(),
    optimizer,
    epochs: 2,
    batchSize: 8,
    seed: 1,
  })
  const { rounds } = await prune(model, {
    train: (context) => {
      starts.push(weightsByName(model))
      return training(context)
    },
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: densityList([1, 0.5]),
    stop: never(),
    rewind,
  })
  model.dispose()
  return { initial, start: starts[1]!, round: rounds[1] as Round }
}

test('rewindToSign starts surviving kernels at the deviation of W0 with its signs, biases at W0', async () => {
  const { initial, start, round } = await restart(rewindToSign())
  for (const { name, values } of round.mask.weights) {
    const before = initial[name]!
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length
    const deviation = Math.sqrt(
      before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / before.length,
    )
    start[name]!.forEach((value, i) => {
      expect(value).toBeCloseTo(values[i] === 1 ? Math.sign(before[i]!) * deviation : 0, 6)
    })
  }
  expect([...start['hidden/bias']!]).toEqual(new Array<number>(8).fill(0.25))
})

test('rewindToSign draws the magnitudes that reinitialise draws, and keeps the signs of W0', async () => {
  const [signed, free] = [
    await restart(rewindToSign({ magnitudes: 'drawn', seed: 3 })),
    await restart(reinitialise({ seed: 3 })),
  ]
  const { initial, start, round } = signed
  let flipped = 0
  for (const { name, values } of round.mask.weights) {
    const drawn = free.start[name]!
    start[name]!.forEach((value, i) => {
      if (values[i] === 0) return
      expect(value).toBe(Math.sign(initial[name]![i]!) * Math.abs(drawn[i]!))
      if (value !== drawn[i]) flipped++
    })
  }
  expect(flipped).toBeGreaterThan(5) // of 24, half on average
  expect([...start['hidden/bias']!]).toEqual(new Array<number>(8).fill(0.25))
})

test('rewindToSign takes the signs of the trained weights, with each kind of magnitudes', async () => {
  const start = (options: RewindToSignOptions) => {
    const [initial, trained] = [tensor2d([[1, -3, 2]]), tensor2d([[-5, 0, 0.5]])]
    const drawn = tensor2d([[-7, -8, -9]])
    const weight = { name: 'out/kernel', round: 1, initial, captured: initial, trained }
    const next = rewindToSign(options).weights({ ...weight, draw: () => drawn })
    return [...next.dataSync()]
  }
  const signs = 'trained'
  expect(start({ signs, magnitudes: 'initial' })).toEqual([-1, 0, 2])
  expect(start({ signs, magnitudes: 'drawn', seed: 1 })).toEqual([-7, 0, 9])
  const deviation = Math.fround(Math.sqrt(14 / 3))
  start({ signs }).forEach(
    (value, i) => void expect(value).toBeCloseTo([-1, 0, 1][i]! * deviation, 5),
  )
  const drawn = { signs, magnitudes: 'drawn', seed: 2 } as const
  const names = [{ signs }, { signs, magnitudes: 'initial' }, drawn] as const
  expect(names.map((options) => rewindToSign(options).name)).toEqual([
    'rewindToSign(deviation, trained)',
    'rewindToSign(initial, trained)',
    'rewindToSign(drawn, trained, seed 2)',
  ])
})

test('rewindToSign leaves the ticket of a round what it is, mask times W0', async () => {
  const { start, round } = await restart(rewindToSign())
  expect(round.rewinder).toBe('rewindToSign(deviation)')
  const model = build()
  applyTicket(model, round)
  expect(weightsByName(model)['hidden/kernel']).not.toEqual(start['hidden/kernel'])
  model.dispose()
})

test('rewindToSign says where everything else restarts: as with rewindToInitial', () => {
  const { weights, ...rest } = rewindToSign({ magnitudes: 'drawn', seed: 1 })
  expect(rest).toEqual({
    name: 'rewindToSign(drawn, seed 1)',
    statistics: 'rewound',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  })
})

test.each<[unknown, string]>([
  [
    { magnitudes: 'drawn' },
    'TypeError: Cannot rewind to the sign: expected a number as seed, got undefined',
  ],
  [
    { magnitudes: 'drawn', seed: 0.5 },
    'RangeError: Cannot rewind to the sign: expected a whole number as seed, got 0.5',
  ],
  [
    { magnitudes: 'constant' },
    "RangeError: Cannot rewind to the sign: expected magnitudes to be 'deviation' or 'drawn' or 'initial', got \"constant\"",
  ],
  [
    { seed: 1 },
    'TypeError: Cannot rewind to the sign: expected options among magnitudes, signs, got seed',
  ],
  [
    { signs: 'final' },
    "RangeError: Cannot rewind to the sign: expected signs to be 'initial' or 'trained', got \"final\"",
  ],
  [
    { magnitudes: 'initial' },
    "RangeError: Cannot rewind to the sign: expected signs to be 'trained', got undefined",
  ],
])('rewindToSign refuses %j', (options, message) => {
  expect(refusalOf(() => rewindToSign(options as RewindToSignOptions))).toBe(message)
})
