import {
  memory,
  type Optimizer,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  train,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { clippedOptimizer, createMask, maskedOptimizer } from 'tfjs-prune'
import { afterEach, describe, expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { refusalOf } from '../support/refusal-of.js'

const made: { dispose: () => void }[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})

function keep<T extends { dispose: () => void }>(one: T): T {
  made.push(one)
  return one
}

/** The step that an optimizer makes for the gradients of two variables at 0. */
function stepsOf(
  wrap: (sgd: Optimizer) => Optimizer,
  gradients: readonly [readonly number[], readonly number[]],
) {
  const variables = gradients.map((gradient) => keep(variable(tensor1d(gradient.map(() => 0)))))
  const tensors = gradients.map((gradient) => keep(tensor1d([...gradient])))
  const optimizer = keep(wrap(train.sgd(1)))
  optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: tensors[i]! })))
  return variables.flatMap((one) => [...one.dataSync()].map((value) => -value))
}

const normOf = (values: readonly number[]) => Math.hypot(...values)
const vector = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), {
  minLength: 1,
  maxLength: 5,
})
const norms = fc.float({ min: Math.fround(0.01), max: 1000, noNaN: true })

describe('clippedOptimizer', () => {
  test('clippedOptimizer makes steps of at most the norm, in the direction of the gradient', () => {
    fc.assert(
      fc.property(vector, vector, norms, (first, second, clipNorm) => {
        const steps = stepsOf((sgd) => clippedOptimizer(sgd, { clipNorm }), [first, second])
        const all = [...first, ...second]
        const norm = normOf(all)
        expect(normOf(steps)).toBeLessThanOrEqual(clipNorm * (1 + 1e-5))
        const factor = Math.min(1, clipNorm / (norm + 1e-6))
        for (const [i, value] of all.entries()) {
          expect(Math.abs(steps[i]! - value * factor)).toBeLessThan(1e-4 * (1 + norm))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('clippedOptimizer leaves gradients within the norm alone to the last bit', () => {
    const gradients = [[0.3, -0.1], [0.7]] as const
    const clipped = stepsOf((sgd) => clippedOptimizer(sgd, { clipNorm: 0.8 }), gradients)
    expect(clipped).toEqual(stepsOf((sgd) => sgd, gradients))
  })

  test('clippedOptimizer counts all variables in one norm', () => {
    expect(stepsOf((sgd) => clippedOptimizer(sgd, { clipNorm: 1 }), [[3], [4]])).toEqual([
      expect.closeTo(0.6, 5),
      expect.closeTo(0.8, 5),
    ])
  })

  test('clippedOptimizer makes no step of zero gradients', () => {
    expect(stepsOf((sgd) => clippedOptimizer(sgd, { clipNorm: 1 }), [[0, 0], [0]])).toEqual([
      -0, -0, -0,
    ])
  })

  test('clippedOptimizer passes over a missing gradient', () => {
    const [present, absent] = [keep(variable(tensor1d([1]))), keep(variable(tensor1d([1])))]
    const optimizer = keep(clippedOptimizer(train.sgd(1), { clipNorm: 1 }))
    const gradient = keep(tensor1d([2]))
    const missing = { name: absent.name, tensor: null as unknown as Tensor }
    optimizer.applyGradients([{ name: present.name, tensor: gradient }, missing])
    expect([present.dataSync()[0], absent.dataSync()[0]]).toEqual([expect.closeTo(0, 5), 1])
  })

  test.each<[string, () => Optimizer]>([
    ['sgd', () => train.sgd(0.1)],
    ['momentum', () => train.momentum(0.1, 0.9)],
    ['nesterov', () => train.momentum(0.1, 0.9, true)],
    ['rmsprop', () => train.rmsprop(0.1)],
    ['centred rmsprop', () => train.rmsprop(0.1, 0.9, 0.5, 1e-7, true)],
    ['adagrad', () => train.adagrad(0.1)],
    ['adadelta', () => train.adadelta(0.1)],
    ['adam', () => train.adam(0.1)],
    ['adamax', () => train.adamax(0.1)],
  ])('clippedOptimizer frees %s with all its slots', async (_name, make) => {
    const x = keep(variable(tensor1d([3, 4])))
    await expect(() => {
      const optimizer = clippedOptimizer(make(), { clipNorm: 1 })
      for (let step = 0; step < 3; step++) optimizer.minimize(() => sum(x) as Scalar)
      optimizer.dispose()
    }).toLeaveNoTensors()
  })

  test('clippedOptimizer is seen as the optimizer inside when a model is saved', async () => {
    const inner = train.momentum(0.1, 0.9)
    const optimizer = keep(clippedOptimizer(inner, { clipNorm: 1 }))
    expect(optimizer.getClassName()).toBe('Momentum')
    expect(optimizer.getConfig()).toEqual(inner.getConfig())
    const x = keep(variable(tensor1d([3, 4])))
    optimizer.minimize(() => sum(x) as Scalar)
    const [steps, slot] = await optimizer.getWeights()
    expect([optimizer.iterations, (steps!.tensor as Tensor).dataSync()[0]]).toEqual([1, 1])
    expect((slot!.tensor as Tensor).dataSync()[0]).toBeCloseTo(Math.SQRT1_2, 5)
    ;(steps!.tensor as Tensor).dispose()
  })

  test('clippedOptimizer inside maskedOptimizer counts the kept weights only', () => {
    const model = keep(
      sequential({
        layers: [layers.dense({ name: 'd', units: 1, inputShape: [3], useBias: false })],
      }),
    )
    const kernel = modelWeights(model)[0]!.variable as Variable
    const zeros = tensor([[0], [0], [0]])
    kernel.assign(zeros)
    zeros.dispose()
    const weight = {
      name: 'd/kernel',
      layer: 'd',
      role: 'kernel',
      shape: [3, 1],
      values: Uint8Array.of(1, 0, 1),
    }
    const clipped = clippedOptimizer(train.sgd(1), { clipNorm: 1 })
    const optimizer = keep(maskedOptimizer(model, clipped, createMask([weight], 3)))
    optimizer.applyGradients({ [kernel.name]: keep(tensor([[3], [1000], [4]])) })
    expect([...kernel.dataSync()]).toEqual([expect.closeTo(-0.6, 5), 0, expect.closeTo(-0.8, 5)])
  })

  test.each<[unknown, string]>([
    [0, 'RangeError: Cannot clip gradients: expected clipNorm to be a number above 0, got 0'],
    [-1, 'RangeError: Cannot clip gradients: expected clipNorm to be a number above 0, got -1'],
    [
      Number.NaN,
      'RangeError: Cannot clip gradients: expected clipNorm to be a number above 0, got NaN',
    ],
    ['5', 'TypeError: Cannot clip gradients: expected clipNorm to be a number above 0, got "5"'],
    [
      undefined,
      'TypeError: Cannot clip gradients: expected clipNorm to be a number above 0, got undefined',
    ],
  ])('clippedOptimizer rejects %j as clipNorm', (clipNorm, message) => {
    const sgd = keep(train.sgd(1))
    const before = memory().numTensors
    expect(refusalOf(() => clippedOptimizer(sgd, { clipNorm: clipNorm as number }))).toBe(message)
    expect(memory().numTensors).toBe(before)
  })
})
