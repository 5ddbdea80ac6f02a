import { type Scalar, tensor2d, train as trainers, variableGrads } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  evaluateOn,
  type FitOptions,
  fit,
  type InterpolatingNormsOptions,
  interpolatingNorms,
  prune,
  rewindLearningRate,
  type Train,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { hashSeed, randomStream } from '../../src/internal/random.js'
import { assignValues, readWeights, writeWeights } from '../../src/internal/weight-values.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { interpolated, trainedNorms } from '../../src/training/trained-norms.js'
import { refusalOf } from '../support/refusal-of.js'
import { fillWeights, randomValues, weightsByName } from '../support/weights.js'

const ys = Array.from({ length: 8 }, (_, i) => i % 2)
const data = { xs: ys.map((_, i) => [...randomValues(4, 40 + i)]), ys }
const evaluate = evaluateOn(data, { positiveClass: 1 })

/** Changes the values of all weights of a role. */
function change(model: LayersModel, role: string, by: (value: number) => number): void {
  for (const { variable } of modelWeights(model).filter((weight) => weight.role === role))
    assignValues(variable, Float32Array.from(variable.dataSync(), by))
}

function normed(): LayersModel {
  const all = [
    layers.dense({ name: 'hidden', units: 6, inputShape: [4] }),
    layers.batchNormalization({ name: 'batch' }),
    layers.dense({ name: 'middle', units: 5, activation: 'tanh' }),
    layers.layerNormalization({ name: 'layer' }),
    layers.dense({ name: 'out', units: 2 }),
  ]
  const model = fillWeights(sequential({ layers: all }), 2)
  change(model, 'moving_variance', (value) => Math.abs(value))
  return model
}

const loss = weightedCrossentropy()
const options = (others: Partial<FitOptions> = {}): FitOptions => {
  const optimizer = () => trainers.sgd(0.1)
  return { optimizer, epochs: 1, batchSize: 8, seed: 1, loss, ...others }
}

async function trained(train: Train, schedule: readonly number[] = [1]) {
  const model = normed()
  const { rounds } = await prune(model, { train, evaluate, schedule, rewind: rewindLearningRate() })
  const weights = weightsByName(model)
  model.dispose()
  return { weights, rounds }
}

test('trainedNorms finds scales and shifts of normalisation, and no bias', () => {
  const model = normed()
  model.getLayer('layer').trainable = false
  const found = trainedNorms(model).map(({ layer, member, start }) => [layer.name, member, start])
  expect(found).toEqual([
    ['batch', 'gamma', 1],
    ['batch', 'beta', 0],
  ])
  model.dispose()
})

test('interpolated shows a model with its norms on the way back, and none afterwards', () => {
  const [model, other] = [normed(), normed()]
  const xs = tensor2d(data.xs)
  change(other, 'gamma', (value) => 0.25 + 0.75 * value)
  change(other, 'beta', (value) => 0.75 * value)
  const outputs = (one: LayersModel) => [...(one.predict(xs) as typeof xs).dataSync()]
  const before = outputs(model)
  const shown = interpolated(trainedNorms(model), 0.25, () => outputs(model))
  const wanted = outputs(other)
  shown.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]!, 5))
  expect(shown).not.toEqual(before)
  const failing = () => interpolated(trainedNorms(model), 0.25, () => refuse())
  expect(failing).toThrow('on purpose')
  expect(outputs(model)).toEqual(before)
  for (const one of [model, other]) one.dispose()
})

const refuse = () => {
  throw new Error('on purpose')
}

test('interpolatingNorms takes the step of the interpolated network, by the alpha of seed, round and step', async () => {
  const { weights } = await trained(interpolatingNorms(fit(data, options()), { seed: 5 }))
  const alpha = randomStream(hashSeed(5, 0, 0)).uniform()
  const model = normed()
  const before = weightsByName(model)
  change(model, 'gamma', (value) => alpha + (1 - alpha) * value)
  change(model, 'beta', (value) => (1 - alpha) * value)
  const [xs, labels] = [tensor2d(data.xs), tensor2d(ys.map((label) => [1 - label, label]))]
  const { grads } = variableGrads(
    () => loss(labels, model.apply(xs, { training: true }) as typeof xs) as Scalar,
  )
  for (const { name, role, variable } of modelWeights(model)) {
    if (role.startsWith('moving')) continue
    const gradient = grads[variable.name]!.dataSync()
    const factor = role === 'gamma' || role === 'beta' ? 1 - alpha : 1
    weights[name]!.forEach((value, i) => {
      expect(value).toBeCloseTo(before[name]![i]! - 0.1 * factor * gradient[i]!, 5)
    })
  }
  model.dispose()
})

test('interpolatingNorms repeats itself for a seed, draws anew for another and in each round', async () => {
  const plain = fit(data, options({ epochs: 3 }))
  const run = (seed: number) => trained(interpolatingNorms(plain, { seed }), [1, 0.5])
  const [one, again, other] = [await run(1), await run(1), await run(2)]
  expect(again.weights).toEqual(one.weights)
  expect(other.weights).not.toEqual(one.weights)
  expect((await trained(plain, [1, 0.5])).weights).not.toEqual(one.weights)
  const zeros = one.rounds[1]!.mask.weights.flatMap(({ name, values }) =>
    [...one.weights[name]!].filter((value, i) => values[i] === 0 && value !== 0),
  )
  expect(zeros).toEqual([])
})

test('interpolatingNorms hands on what a training tells, and its seed', () => {
  const plain = fit(data, options({ epochs: 3 }))
  const wrapped = interpolatingNorms(plain, { seed: 1 })
  expect(Object.keys(wrapped).sort()).toEqual(Object.keys(plain).sort())
  expect(wrapped.settings).toEqual({ ...plain.settings, interpolatedNorms: 1 })
})

test('interpolatingNorms tells an engine that each step is looked at', async () => {
  const seen: boolean[] = []
  const engine: FitOptions['engine'] = {
    openTraining: async (_, { isWatched }) => {
      seen.push(isWatched)
      return { used: { name: 'tfjs', why: 'a test' }, dispose: () => {} }
    },
  }
  await trained(interpolatingNorms(fit(data, options({ engine })), { seed: 1 }))
  expect(seen).toEqual([true])
})

test('interpolatingNorms works in own loops, and leaves no tensor behind', async () => {
  const model = normed()
  const xs = tensor2d(data.xs)
  const labels = tensor2d(ys.map((label) => [1 - label, label]))
  const loop: Train = ({ hold }) => {
    const optimizer = hold(trainers.sgd(0.1))
    const cost = () => loss(labels, model.apply(xs, { training: true }) as typeof xs)
    optimizer.minimize(cost)
    const { value, grads } = optimizer.computeGradients(cost)
    optimizer.applyGradients(grads)
    for (const one of [value, ...Object.values(grads)]) one.dispose()
    optimizer.dispose()
  }
  const train = interpolatingNorms(loop, { seed: 1 })
  const before = await readWeights(model)
  await expect(() => {
    writeWeights(model, before)
    return prune(model, { train, evaluate, schedule: [1, 0.5] })
  }).toLeaveNoTensors()
  for (const one of [xs, labels]) one.dispose()
  model.dispose()
})

test('interpolatingNorms refuses a model without trained norms, and a training without steps', async () => {
  const plain = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
  const train = interpolatingNorms(fit(data, options()), { seed: 1 })
  await expect(prune(plain, { train, evaluate, schedule: [1] })).rejects.toThrow(
    'Cannot interpolate norms: expected a model with trained normalisation layers, got sequential',
  )
  await expect(trained(interpolatingNorms(() => {}, { seed: 1 }))).rejects.toThrow(
    'expected steps by minimize or computeGradients of a held optimizer in round 0, got none',
  )
  plain.dispose()
})

test.each<[unknown, unknown, string]>([
  [
    undefined,
    { seed: 1 },
    'TypeError: Cannot interpolate norms: expected a function as train, got undefined',
  ],
  [() => {}, {}, 'TypeError: Cannot interpolate norms: expected a number as seed, got undefined'],
  [
    () => {},
    { seed: 1, alpha: 0.5 },
    'TypeError: Cannot interpolate norms: expected options among seed, got alpha',
  ],
])('interpolatingNorms refuses %s with %j', (train, given, message) => {
  const make = () => interpolatingNorms(train as Train, given as InterpolatingNormsOptions)
  expect(refusalOf(make)).toBe(message)
})
