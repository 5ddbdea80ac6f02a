import {
  mul,
  type Optimizer,
  ones,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tidy,
  train,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  input,
  type LayersModel,
  layers,
  regularizers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { masksOf } from '../../src/layers/masks-of.js'
import { stripMasks } from '../../src/layers/strip-masks.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { stepsOf } from '../support/optimizers.js'
import {
  bitsOf,
  fillWeights,
  layerCases,
  nothingRevived,
  outputBits,
  prunedBits,
  randomMask,
  randomTensor,
  tangledModel,
} from './models.js'

const backend = process.env.TFJS_BACKEND ?? 'cpu'
const everything = () => true

/** A scalar that depends on every output. */
function lossOf(model: LayersModel, x: Tensor | Tensor[]): Scalar {
  return tidy(() => {
    const outputs = [model.apply(x, { training: true })].flat() as Tensor[]
    return outputs.map((y) => sum(mul(y, y))).reduce((a, b) => sum(mul(a, b))) as Scalar
  })
}

function steps(
  model: LayersModel,
  optimizer: Optimizer,
  x: Tensor | Tensor[],
  count: number,
): void {
  for (let i = 0; i < count; i++) optimizer.minimize(() => lossOf(model, x))
}

describe.each(layerCases)(
  'withMasks on $className',
  ({ className, inputShape, trainsOn, computesOn, build }) => {
    const x = () =>
      className === 'Embedding' ? ones([2, ...inputShape]) : randomTensor([2, ...inputShape])

    it.skipIf(computesOn && !computesOn.includes(backend))(
      'withMasks computes what the plain model with masked weights computes, to the last bit',
      () => {
        const model = build()
        const mask = randomMask(model, everything)
        const masked = withMasks(model, mask)
        expect(masked.layers[0]!.getClassName()).toBe(`tfjs-prune>${className}`)
        const dense = outputBits(model, x())
        applyMask(model, mask)
        expect(outputBits(masked, x())).toEqual(outputBits(model, x()))
        expect(outputBits(masked, x())).not.toEqual(dense)
        expect(masksOf(masked)).toEqual(mask)
        expect(nothingRevived(masked, mask)).toBe(true)
      },
    )

    it.skipIf(!trainsOn.includes(backend))(
      'withMasks gives kept weights the plain gradient and pruned ones none',
      () => {
        const model = build()
        const mask = randomMask(model, everything)
        const masked = withMasks(model, mask)
        applyMask(model, mask)
        const gradients = (of: LayersModel) => {
          const { grads } = variableGrads(() => lossOf(of, x()))
          return modelWeights(of)
            .filter(({ role }) => !role.endsWith('_mask'))
            .map(({ variable, name }) => [name, [...grads[variable.name]!.dataSync()]] as const)
        }
        const expected = gradients(model).map(([name, values]) => {
          const kept = mask.weights.find((weight) => weight.name === name)!.values
          return [name, values.map((value, i) => (kept[i] ? value : 0))] as const
        })
        const got = gradients(masked).map(([name, values]) => [
          name,
          values.map((value) => value + 0),
        ])
        expect(got).toEqual(expected)
        expect(expected.flatMap(([, values]) => values).some((value) => value !== 0)).toBe(true)
      },
    )

    it.skipIf(!trainsOn.includes(backend))(
      'withMasks revives nothing in training, and trains the rest',
      () => {
        const model = build()
        const mask = randomMask(model, everything)
        const masked = withMasks(model, mask)
        const before = outputBits(masked, x())
        steps(masked, train.adam(0.01), x(), 20)
        expect(nothingRevived(masked, mask)).toBe(true) // before a prediction could clear them
        expect(outputBits(masked, x())).not.toEqual(before)
        const stripped = stripMasks(masked)
        expect(stripped.layers[0]!.getClassName()).toBe(className)
        expect(outputBits(stripped, x())).toEqual(outputBits(masked, x()))
        expect(nothingRevived(stripped, mask)).toBe(true)
      },
    )
  },
)

const optimizers: [string, () => Optimizer][] = [
  ['sgd', () => train.sgd(0.02)],
  ['momentum', () => train.momentum(0.005, 0.9)],
  ['nesterov momentum', () => train.momentum(0.005, 0.9, true)],
  ['adagrad', () => train.adagrad(0.05)],
  ['adadelta', () => train.adadelta(0.05)],
  ['adam', () => train.adam(0.01)],
  ['adamax', () => train.adamax(0.01)],
  ['rmsprop', () => train.rmsprop(0.005, 0.9, 0.5)],
]

describe.each(optimizers)('withMasks under %s', (kind, optimizer) => {
  const regularized = () => {
    const kernelRegularizer = regularizers.l1l2({ l1: 0.01, l2: 0.01 })
    const hidden = layers.dense({
      units: 5,
      activation: 'tanh',
      inputShape: [4],
      kernelRegularizer,
    })
    return fillWeights(sequential({ layers: [hidden, layers.dense({ units: 2 })] }))
  }

  it('withMasks revives no weight in hundreds of steps of fit', async () => {
    const model = regularized()
    const mask = randomMask(model, everything)
    const masked = withMasks(model, mask)
    masked.compile({ optimizer: optimizer(), loss: 'meanSquaredError' })
    const before = outputBits(masked, randomTensor([3, 4]))
    await masked.fit(randomTensor([20, 4], 2), randomTensor([20, 2], 3), {
      batchSize: 2,
      epochs: stepsOf(kind) / 10,
      verbose: 0,
      yieldEvery: 'never',
    })
    expect(nothingRevived(masked, mask)).toBe(true)
    expect(outputBits(masked, randomTensor([3, 4]))).not.toEqual(before)
  })

  it('withMasks revives no weight in hundreds of steps of an own loop', () => {
    const model = regularized()
    const mask = randomMask(model, everything)
    const masked = withMasks(model, mask)
    const own = optimizer()
    const x = randomTensor([4, 4])
    const before = outputBits(masked, x)
    steps(masked, own, x, stepsOf(kind))
    expect(nothingRevived(masked, mask)).toBe(true)
    expect(outputBits(masked, x)).not.toEqual(before)
  })
})

describe('withMasks', () => {
  const x = () => [randomTensor([3, 4], 5), randomTensor([3, 4], 6)]

  it('withMasks keeps nesting, sharing, several inputs and outputs', () => {
    const model = tangledModel()
    const mask = randomMask(model)
    expect(mask.weights.map(({ name }) => name)).toEqual([
      'twin/kernel',
      'encoder/wide/kernel',
      'encoder/narrow/kernel',
      'first/kernel',
      'second/kernel',
    ])
    const masked = withMasks(model, mask)
    steps(masked, train.momentum(0.001, 0.9), x(), 10)
    expect(nothingRevived(masked, mask)).toBe(true)
    expect(modelWeights(masked).map(({ name }) => name)).toEqual(
      modelWeights(model).flatMap(({ name }) =>
        name.endsWith('bias') ? [name, name.replace('bias', 'kernel_mask')] : [name],
      ),
    )
    const stripped = stripMasks(masked)
    expect(outputBits(stripped, x())).toEqual(outputBits(masked, x()))
    expect(JSON.parse(stripped.toJSON() as string)).toEqual(JSON.parse(model.toJSON() as string))
  })

  it('withMasks leaves the model as it is', () => {
    const model = tangledModel()
    const before = model.getWeights().map(bitsOf)
    const topology = model.toJSON()
    const masked = withMasks(model, randomMask(model))
    steps(masked, train.sgd(0.01), x(), 3)
    masked.dispose()
    expect(model.getWeights().map(bitsOf)).toEqual(before)
    expect(model.toJSON()).toBe(topology)
  })

  it('withMasks opens TimeDistributed and Bidirectional', () => {
    const lstm = layers.lstm({ units: 2, recurrentInitializer: 'glorotNormal' })
    const model = fillWeights(
      sequential({
        layers: [
          layers.timeDistributed({
            name: 'steps',
            layer: layers.dense({ name: 'in', units: 3 }),
            inputShape: [4, 2],
          }),
          layers.bidirectional({ name: 'both', layer: lstm, mergeMode: 'concat' }),
        ],
      }),
    )
    const all = randomMask(model)
    const mask = createMask(
      all.weights.filter(({ layer }) => !layer.includes('backward')),
      all.parameters,
    )
    const masked = withMasks(model, mask)
    steps(masked, train.adam(0.01), randomTensor([2, 4, 2]), 10)
    expect(nothingRevived(masked, mask)).toBe(true)
    const read = masksOf(masked).weights
    expect(read.filter(({ layer }) => !layer.includes('backward'))).toEqual(mask.weights)
    expect(
      read
        .filter(({ layer }) => layer.includes('backward'))
        .every(({ kept, values }) => kept === values.length),
    ).toBe(true)
    expect(outputBits(stripMasks(masked), randomTensor([2, 4, 2]))).toEqual(
      outputBits(masked, randomTensor([2, 4, 2])),
    )
  })

  it('withMasks keeps the states that a stateful LSTM carries over', () => {
    const lstm = layers.lstm({
      units: 3,
      stateful: true,
      recurrentInitializer: 'glorotNormal',
      batchInputShape: [2, 4, 3],
    })
    const model = fillWeights(sequential({ layers: [lstm] }))
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    applyMask(model, mask)
    const sequence = randomTensor([2, 4, 3])
    const first = outputBits(model, sequence)
    expect(outputBits(masked, sequence)).toEqual(first)
    const second = outputBits(model, sequence)
    expect(second).not.toEqual(first)
    expect(outputBits(masked, sequence)).toEqual(second)
    masked.resetStates()
    expect(outputBits(masked, sequence)).toEqual(first)
  })

  it('withMasks keeps the states that one LSTM returns and another one is given', async () => {
    const quiet = vi.spyOn(console, 'warn').mockReturnValue() // tfjs warns of the states in getConfig, and saves them
    const options = { units: 3, recurrentInitializer: 'glorotNormal' as const }
    const [source, target] = [input({ shape: [4, 3] }), input({ shape: [5, 2] })]
    const [, ...initialState] = layers
      .lstm({ ...options, returnState: true })
      .apply(source) as SymbolicTensor[]
    const decoder = layers.lstm({ ...options, returnSequences: true })
    const outputs = decoder.apply(target, { initialState }) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: [source, target], outputs }))
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    const stripped = stripMasks(masked)
    quiet.mockRestore()
    applyMask(model, mask)
    const sequences = [randomTensor([2, 4, 3]), randomTensor([2, 5, 2])]
    expect(outputBits(masked, sequences)).toEqual(outputBits(model, sequences))
    expect(outputBits(stripped, sequences)).toEqual(outputBits(model, sequences))
    masked.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
    await masked.fit(sequences, randomTensor([2, 5, 3]), { epochs: 5, verbose: 0 })
    expect(nothingRevived(masked, mask)).toBe(true)
    expect(outputBits(masked, sequences)).not.toEqual(outputBits(model, sequences))
  })

  it('withMasks keeps trainable flags, of nested models too, and user-defined metadata', () => {
    const model = tangledModel()
    model.getLayer('twin').trainable = false
    model.getLayer('encoder').trainable = false
    model.setUserDefinedMetadata({ classes: ['benign', 'malignant'] })
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    expect(masked.trainableWeights.map(({ originalName }) => originalName)).toEqual([
      'first/kernel',
      'first/bias',
      'second/kernel',
      'second/bias',
    ])
    expect(masked.getUserDefinedMetadata()).toEqual({ classes: ['benign', 'malignant'] })
    expect(stripMasks(masked).trainableWeights).toHaveLength(4)
  })

  it('withMasks computes with 0 where someone writes other values into pruned weights', () => {
    const model = fillWeights(sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }))
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    const before = outputBits(masked, randomTensor([2, 4]))
    masked.setWeights([...model.getWeights(), masked.getWeights()[2]!])
    expect(nothingRevived(masked, mask)).toBe(false)
    expect(outputBits(masked, randomTensor([2, 4]))).toEqual(before)
    expect(nothingRevived(masked, mask)).toBe(true)
    masked.setWeights([...model.getWeights(), masked.getWeights()[2]!])
    expect(nothingRevived(stripMasks(masked), mask)).toBe(true)
  })

  it('withMasks computes with 0 where a pruned weight is NaN', () => {
    const model = fillWeights(sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }))
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    const before = outputBits(masked, randomTensor([2, 4]))
    const kernel = masked
      .getWeights()[0]!
      .dataSync()
      .map((value, i) => (mask.weights[0]!.values[i] ? value : Number.NaN))
    const rest = masked.getWeights().slice(1)
    masked.setWeights([tensor(kernel, [4, 3]), ...rest])
    expect(outputBits(masked, randomTensor([2, 4]))).toEqual(before)
  })

  it('withMasks and stripMasks together are applyMask, and masksOf undoes withMasks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.boolean(), (seed, withBias) => {
        const model = fillWeights(
          sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }),
          seed,
        )
        const mask = randomMask(model, (role) => withBias || role !== 'bias', seed)
        const masked = withMasks(model, mask)
        const stripped = stripMasks(masked)
        applyMask(model, mask)
        expect(stripped.getWeights().map(bitsOf)).toEqual(model.getWeights().map(bitsOf))
        expect(masksOf(masked)).toEqual(mask)
        for (const each of [model, masked, stripped]) each.dispose()
      }),
      { numRuns: 30 },
    )
  })

  it('withMasks writes +0, never -0, for negative weights', () => {
    const model = sequential({
      layers: [layers.dense({ units: 2, inputShape: [2], useBias: false })],
    })
    model.setWeights([mul(ones([2, 2]), -1)])
    const mask = randomMask(model, everything, 3)
    const bits = prunedBits(withMasks(model, mask), mask)
    expect(Object.values(bits).flat()).toContain(0)
    expect(Object.values(bits).flat()).not.toContain(0x8000_0000)
  })

  it('withMasks leaves no tensors when the new models are disposed', async () => {
    const model = tangledModel()
    const mask = randomMask(model)
    const inputs = x()
    await expect(async () => {
      const masked = withMasks(model, mask)
      masked.compile({ optimizer: 'adam', loss: ['categoricalCrossentropy', 'meanSquaredError'] })
      const targets = [ones([3, 2]), ones([3, 1])]
      await masked.fit(inputs, targets, { epochs: 2, verbose: 0 })
      outputBits(masked, inputs)
      masksOf(masked)
      const stripped = stripMasks(masked)
      outputBits(stripped, inputs)
      for (const each of [masked, stripped, ...targets]) each.dispose()
    }).toLeaveNoTensors()
  })

  it('withMasks leaves no tensors of models within a Sequential', async () => {
    const nested = () => sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] })
    const model = fillWeights(
      sequential({ layers: [nested(), nested(), layers.dense({ units: 1 })] }),
    )
    const mask = randomMask(model)
    const randomInput = randomTensor([2, 3])
    await expect(() => {
      const masked = withMasks(model, mask)
      const stripped = stripMasks(masked)
      expect(outputBits(stripped, randomInput)).toEqual(outputBits(masked, randomInput))
      masked.dispose()
      stripped.dispose()
    }).toLeaveNoTensors()
  })
})

describe('withMasks refuses', () => {
  const dense = () =>
    sequential({ layers: [layers.dense({ name: 'out', units: 3, inputShape: [4] })] })

  it('withMasks throws for a mask of another model and leaves no tensors', async () => {
    const [model, other] = [
      dense(),
      sequential({ layers: [layers.dense({ name: 'in', units: 3, inputShape: [4] })] }),
    ]
    const wide = sequential({ layers: [layers.dense({ name: 'out', units: 4, inputShape: [4] })] })
    await expect(() => {
      expect(() => withMasks(model, randomMask(other))).toThrow(RangeError)
      expect(() => withMasks(model, randomMask(other))).toThrow('in/kernel')
      expect(() => withMasks(model, randomMask(wide))).toThrow(TypeError)
      expect(() => withMasks(model, randomMask(wide))).toThrow('out/kernel')
    }).toLeaveNoTensors()
  })

  it('withMasks throws for a model with masking layers', () => {
    const model = dense()
    const masked = withMasks(model, randomMask(model))
    expect(() => withMasks(masked, randomMask(model))).toThrow(TypeError)
    expect(() => withMasks(masked, randomMask(model))).toThrow(
      /expected one without masking layers .*tfjs-prune>Dense at out/,
    )
  })

  it('withMasks throws for a layer with weights that two nested models share', async () => {
    const shared = layers.dense({ name: 'shared', units: 4, inputShape: [4] })
    const x = input({ shape: [4] })
    const [one, two] = ['one', 'two'].map((name) => {
      const inner = input({ shape: [4] })
      return defineModel({ name, inputs: inner, outputs: shared.apply(inner) as never })
    })
    const model = defineModel({ inputs: x, outputs: two!.apply(one!.apply(x) as never) as never })
    const mask = randomMask(model)
    await expect(() => {
      expect(() => withMasks(model, mask)).toThrow(TypeError)
      expect(() => withMasks(model, mask)).toThrow(
        /one model or nested model, got two\/shared shared by several/,
      )
    }).toLeaveNoTensors()
  })

  it('withMasks throws for a layer whose class tfjs cannot load', () => {
    class Unknown extends layers.Layer {
      static className = 'Unknown'
    }
    const model = sequential({
      layers: [layers.dense({ units: 2, inputShape: [2] }), new Unknown({ name: 'odd' })],
    })
    expect(() => withMasks(model, randomMask(model))).toThrow(TypeError)
    expect(() => withMasks(model, randomMask(model))).toThrow(/registerClass, got Unknown \(odd\)/)
  })

  it('withMasks throws for a layer that it cannot mask, naming it, its class and maskedOptimizer', () => {
    const model = sequential({
      layers: [layers.batchNormalization({ name: 'norm', inputShape: [4] })],
    })
    const mask = randomMask(model, (role) => role === 'gamma')
    expect(() => withMasks(model, mask)).toThrow(TypeError)
    expect(() => withMasks(model, mask)).toThrow(
      /norm to be one of Dense, .*got BatchNormalization .*maskedOptimizer/,
    )
  })
})

it('withMasks refuses a mask of a layer within a wrapper that wraps a model', () => {
  const inner = sequential({
    layers: [layers.dense({ units: 5, useBias: false, inputShape: [3] })],
  })
  const wrapper = layers.timeDistributed({ layer: inner as never, inputShape: [4, 3] })
  const model = sequential({ layers: [wrapper, layers.flatten(), layers.dense({ units: 2 })] })
  expect(() => withMasks(model, denseMask(model))).toThrow(
    /^Cannot mask the model: expected .+ outside of wrappers/,
  )
  model.dispose()
})
