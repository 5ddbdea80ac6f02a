import {
  add,
  equal,
  fill,
  io,
  memory,
  Optimizer,
  ones,
  type Scalar,
  SGDOptimizer,
  square,
  sum,
  type Tensor,
  train,
  type Variable,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { clippedOptimizer } from '../../src/training/clipped-optimizer.js'
import { optimizers } from '../support/optimizers.js'
import { refusalOf } from '../support/refusal-of.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainByHand } from '../support/training.js'
import { countAlive, countRevived, weightsByName } from '../support/weights.js'

const spent =
  'Error: Cannot apply gradients: expected a mask that is in use, got one whose round is over'

test('maskedOptimizer leaves the model alone until the first step, then clears what is pruned', () => {
  const model = smallModel()
  const before = weightsByName(model)
  const mask = everyFourth(model)
  const held = maskedOptimizer(model, train.sgd(0.1), mask)
  expect(weightsByName(model)).toEqual(before)
  trainByHand(model, held, { steps: 1 })
  expect(countRevived(model, mask)).toBe(0)
  held.dispose()
})

test('maskedOptimizer holds weights that a step has no gradient for', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  const held = maskedOptimizer(model, train.momentum(0.1, 0.9), mask)
  const [first] = modelWeights(model).map(({ variable }) => variable)
  held.applyGradients([
    { name: first!.name, tensor: zerosLike(first!) },
    { name: modelWeights(model)[1]!.variable.name, tensor: null as never },
  ])
  expect(countRevived(model, mask)).toBe(0)
  held.dispose()
})

test('maskedOptimizer.minimize returns the loss on request and trains', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  applyMask(model, mask)
  const held = maskedOptimizer(model, train.adam(0.01), mask)
  const loss = () => sum(square(model.apply(fill([1, 4], 0.5)) as Tensor)) as Scalar
  const variables = modelWeights(model).map(({ variable }) => variable)
  const [first, second] = [
    held.minimize(loss, true, variables),
    held.minimize(loss, true, variables),
  ]
  expect(second!.dataSync()[0]).toBeLessThan(first!.dataSync()[0]!)
  expect(held.minimize(loss, false, variables)).toBeNull()
  expect([countRevived(model, mask), held.iterations]).toEqual([0, 3])
  held.dispose()
})

test('maskedOptimizer.release frees the masks alone; the next wrapper goes on with the same slots', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  const inner = train.momentum(0.02, 0.9)
  trainByHand(model, inner, { steps: 3 })
  const before = memory().numTensors
  const held = maskedOptimizer(model, inner, mask)
  trainByHand(model, held, { steps: 3 })
  held.release()
  expect(memory().numTensors).toBe(before)
  expect(() => trainByHand(model, held, { steps: 1 })).toThrow(spent.slice(7))
  const fewer = createMask(
    mask.weights.map((weight) => ({
      ...weight,
      values: weight.values.map((value, i) => (i % 4 === 1 ? 0 : value)),
    })),
    44,
  )
  applyMask(model, fewer)
  const next = maskedOptimizer(model, inner, fewer)
  trainByHand(model, next, { steps: 20 })
  expect([countRevived(model, fewer), countAlive(model, fewer)]).toEqual([0, fewer.kept])
  expect(inner.iterations).toBe(26)
  next.dispose()
})

test.each(Object.keys(optimizers))(
  'maskedOptimizer.dispose frees the masks and every tensor of %s',
  (kind) => {
    const model = smallModel()
    const mask = everyFourth(model)
    const before = memory().numTensors
    const held = maskedOptimizer(model, optimizers[kind]!(), mask)
    trainByHand(model, held, { steps: 3 })
    held.dispose()
    expect(memory().numTensors - before).toBe(0)
    held.dispose()
    held.release()
    expect(refusalOf(() => held.applyGradients({}))).toBe(spent)
  },
)

test('maskedOptimizer leaves no tensor behind in a step', async () => {
  const model = smallModel()
  const held = maskedOptimizer(model, train.adam(0.01), everyFourth(model))
  await expect(() => trainByHand(model, held, { steps: 5 })).toLeaveNoTensors()
  held.dispose()
})

// Stock Adamax cannot be saved: its getWeights() is not implemented.
test.each([
  ['sgd', 'SGD'],
  ['momentum', 'Momentum'],
  ['adagrad', 'Adagrad'],
  ['adadelta', 'Adadelta'],
  ['adam', 'Adam'],
  ['rmsprop', 'RMSProp'],
])('maskedOptimizer saves a compiled model with %s as its optimizer', async (kind, className) => {
  const model = smallModel()
  const held = maskedOptimizer(model, optimizers[kind]!(), everyFourth(model))
  model.compile({ optimizer: held, loss: 'meanSquaredError' })
  trainByHand(model, held, { steps: 4 })
  let saved: io.ModelArtifacts | undefined
  const handler = io.withSaveHandler(async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
  })
  await model.save(handler, { includeOptimizer: true })
  expect(saved!.trainingConfig!.optimizer_config).toMatchObject({ class_name: className })
  const loaded = await loadLayersModel(io.fromMemory(saved!))
  expect(loaded.optimizer.getClassName()).toBe(className)
  expect(loaded.optimizer.iterations).toBe(4)
  held.dispose()
})

/** An optimizer that divides by the gradient. */
class Dividing extends Optimizer {
  readonly #variables: readonly Variable[]
  constructor(variables: readonly Variable[]) {
    super()
    this.#variables = variables
  }
  override applyGradients(gradients: Record<string, Tensor>): void {
    for (const variable of this.#variables) {
      const gradient = gradients[variable.name]!
      variable.assign(where(equal(gradient, 0), fill(variable.shape, Number.NaN), variable))
    }
  }
  override getClassName() {
    return 'Dividing'
  }
  getConfig() {
    return {}
  }
}

test('maskedOptimizer keeps pruned weights at 0 under an optimizer that makes NaN of a zero gradient', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  const held = maskedOptimizer(
    model,
    new Dividing(modelWeights(model).map(({ variable }) => variable)),
    mask,
  )
  trainByHand(model, held, { steps: 2 })
  expect(countRevived(model, mask)).toBe(0)
  expect(Object.values(weightsByName(model)).every((values) => values.every(Number.isFinite))).toBe(
    true,
  )
  held.dispose()
})

/** SGD with weights that drift: a stock optimizer by its name alone. */
class Drifting extends SGDOptimizer {
  readonly #variables: readonly Variable[]
  constructor(variables: readonly Variable[]) {
    super(0.01)
    this.#variables = variables
  }
  override applyGradients(gradients: Record<string, Tensor>): void {
    super.applyGradients(gradients)
    for (const variable of this.#variables) variable.assign(add(variable, 0.5))
  }
}

test('maskedOptimizer keeps pruned weights at 0 under a subclass of a stock optimizer', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  const drifting = new Drifting(modelWeights(model).map(({ variable }) => variable))
  expect(drifting.getClassName()).toBe('SGD')
  const held = maskedOptimizer(model, clippedOptimizer(drifting, { clipNorm: 1 }), mask)
  for (let step = 0; step < 3; step++) {
    trainByHand(model, held, { steps: 1 })
    expect(countRevived(model, mask)).toBe(0)
  }
  held.dispose()
})

test('maskedOptimizer notices what its optimizer does without it', () => {
  const model = smallModel()
  const mask = everyFourth(model)
  const inner = train.momentum(0.02, 0.9)
  const held = maskedOptimizer(model, inner, mask)
  trainByHand(model, held, { steps: 2 })
  trainByHand(model, inner, { steps: 2 })
  expect(countRevived(model, mask)).toBe(mask.size - mask.kept)
  for (let step = 0; step < 3; step++) {
    trainByHand(model, held, { steps: 1 })
    expect(countRevived(model, mask)).toBe(0)
  }
  held.dispose()
})

test('maskedOptimizer refuses a mask of another model and makes no tensor then', () => {
  const model = smallModel()
  const inner = train.sgd(0.1)
  const before = memory().numTensors
  const { weights } = everyFourth(model)
  const renamed = createMask([weights[0]!, { ...weights[2]!, name: 'lost/kernel' }], 44)
  expect(refusalOf(() => maskedOptimizer(model, inner, renamed))).toBe(
    'RangeError: Cannot use the mask: expected the weight lost/kernel in the model, ' +
      'got hidden/kernel, hidden/bias, out/kernel, out/bias',
  )
  const turned = createMask([{ ...weights[0]!, shape: [6, 4] }], 44)
  expect(refusalOf(() => maskedOptimizer(model, inner, turned))).toBe(
    'TypeError: Cannot use the mask: expected shape [4, 6] for hidden/kernel, got [6, 4]',
  )
  expect(memory().numTensors).toBe(before)
  inner.dispose()
})

test('maskedOptimizer clears what other code wrote into pruned weights', () => {
  for (const make of [() => train.sgd(0.01), () => train.adam(0.01)]) {
    const model = smallModel()
    const mask = everyFourth(model)
    const dense = model.getWeights().map((weight) => weight.clone())
    const held = maskedOptimizer(model, make(), mask)
    trainByHand(model, held, { steps: 3 })
    model.setWeights(dense)
    expect(countRevived(model, mask)).toBeGreaterThan(0)
    trainByHand(model, held, { steps: 1 })
    expect(countRevived(model, mask)).toBe(0)
    held.dispose()
  }
})

test('maskedOptimizer hands its learning rate through to the inner optimizer', () => {
  for (const inner of [train.sgd(0.1), train.adam(0.1)]) {
    const model = smallModel()
    const mask = everyFourth(model)
    applyMask(model, mask)
    const held = maskedOptimizer(model, inner, mask)
    expect(held.learningRate).toBe(0.1)
    held.learningRate = 0
    const before = weightsByName(model)
    trainByHand(model, held, { steps: 2 })
    expect(weightsByName(model)).toEqual(before)
    held.dispose()
  }
})

test('maskedOptimizer holds the moving mean of a normalisation, which no optimizer trains', async () => {
  const model = sequential({
    layers: [
      layers.batchNormalization({ name: 'norm', inputShape: [3] }),
      layers.dense({ units: 1 }),
    ],
  })
  const values = Uint8Array.of(1, 0, 1)
  const place = { name: 'norm/moving_mean', layer: 'norm', role: 'moving_mean', shape: [3] }
  const mask = createMask([{ ...place, values }], model.countParams())
  const optimizer = maskedOptimizer(model, train.sgd(0.1), mask)
  model.compile({ optimizer, loss: 'meanSquaredError' })
  const [xs, ys] = [ones([8, 3]), ones([8, 1])]
  await model.fit(xs, ys, { epochs: 2, batchSize: 4, verbose: 0 })
  const { variable } = modelWeights(model).find(({ name }) => name === place.name)!
  const [first, second, third] = variable.dataSync()
  expect(second).toBe(0)
  expect(first).toBeGreaterThan(0)
  expect(third).toBe(first)
})
