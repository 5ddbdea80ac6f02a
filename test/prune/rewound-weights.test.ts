import { mul, reshape, type Tensor, train, zerosLike } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  applyTrained,
  fineTune,
  fit,
  type PruneOptions,
  prune,
  type Rewinder,
  type Round,
  reinitialise,
  rewindLearningRate,
  rewindTo,
  rewindToInitial,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { bitsOf, weightsByName } from '../support/weights.js'
import { imbalancedSamples, quickRun, smallNetwork } from './support.js'

interface Recorded {
  /** Weights before the first step of each round. */
  readonly starts: readonly Record<string, Float32Array>[]
  /** Weights after each step of round 0. */
  readonly steps: readonly Record<string, Float32Array>[]
  readonly rounds: readonly Round[]
  /** Trained weights of each round. */
  readonly trained: readonly Record<string, Float32Array>[]
}

/** Trains three rounds of two epochs with three steps each and records the weights on the way. */
async function recorded(
  rewind: Rewinder,
  make: () => LayersModel = smallNetwork,
): Promise<Recorded> {
  const [data, model] = [imbalancedSamples(24), make()]
  const [starts, steps]: [Record<string, Float32Array>[], Record<string, Float32Array>[]] = [[], []]
  const inner = fit(data, {
    optimizer: () => train.momentum(0.02, 0.9),
    epochs: 2,
    batchSize: 8,
    clipNorm: 5,
  })
  const watching: PruneOptions['train'] = (context) => {
    starts.push(weightsByName(model))
    return inner({
      ...context,
      checkpoint: async (at) => {
        if (context.round === 0 && at.batch !== 0) steps.push(weightsByName(model))
        await context.checkpoint(at)
      },
    })
  }
  const { rounds } = await prune(
    model,
    quickRun(data, { train: watching, rewind, schedule: [1, 0.5, 0.25] }),
  )
  const trained = rounds.map((round) => {
    applyTrained(model, round)
    return weightsByName(model)
  })
  data.xs.dispose()
  model.dispose()
  return { starts, steps, rounds, trained }
}

/** The values where the mask keeps, +0 elsewhere. */
function masked(values: Record<string, Float32Array>, { mask }: Round): Record<string, number[]> {
  const kept = new Map(mask.weights.map(({ name, values: ones }) => [name, ones]))
  const keep = (name: string) =>
    values[name]!.map((value, i) => (kept.get(name)?.[i] === 0 ? 0 : value))
  return Object.fromEntries(Object.keys(values).map((name) => [name, bitsOf(keep(name))]))
}

const bitsByName = (values: Record<string, Float32Array>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bitsOf(value)]))

describe('prune', () => {
  test('rewindToInitial lets every round start at W0 under its mask', async () => {
    const { starts, rounds } = await recorded(rewindToInitial())
    for (const round of [1, 2])
      expect(bitsByName(starts[round]!)).toEqual(masked(starts[0]!, rounds[round]!))
  })

  test.each([
    [rewindTo({ epoch: 1 }), 3],
    [rewindTo({ step: 2 }), 2],
    [rewindTo({ step: 3 }), 3],
    [rewindTo({ step: 5 }), 5],
  ])(
    'rewindTo lets every round start at the captured values under its mask: %#',
    async (rewind, step) => {
      const { starts, steps, rounds } = await recorded(rewind)
      expect(steps).toHaveLength(6)
      for (const round of [1, 2])
        expect(bitsByName(starts[round]!)).toEqual(masked(steps[step - 1]!, rounds[round]!))
      expect(bitsByName(steps[step - 1]!)).not.toEqual(bitsByName(starts[0]!))
    },
  )

  test.each([rewindLearningRate(), fineTune()])(
    '$name goes on from the trained values',
    async (rewind) => {
      const { starts, trained, rounds } = await recorded(rewind)
      for (const round of [1, 2]) {
        expect(bitsByName(starts[round]!)).toEqual(masked(trained[round - 1]!, rounds[round]!))
      }
    },
  )

  test('prune takes a custom rewinder that starts between W0 and the trained values', async () => {
    const rewind: Rewinder = {
      ...rewindToInitial(),
      name: 'zeros',
      weights: ({ name, initial, captured, trained }) => {
        expect([initial.shape, captured.shape]).toEqual([trained.shape, trained.shape])
        return name === 'out/bias' ? zerosLike(trained) : trained
      },
    }
    const { starts } = await recorded(rewind)
    expect([...starts[2]!['out/bias']!]).toEqual([0, 0])
  })

  test('prune names the weight of which a rewinder returns another shape', async () => {
    const weights = ({ initial }: { initial: Tensor }) => reshape(initial, [-1])
    await expect(recorded({ ...rewindToInitial(), weights })).rejects.toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message:
          'Cannot rewind hidden/kernel with rewindToInitial: expected a tensor of shape [6, 12], got shape [72]',
      }),
    )
  })
})

/** Layers with initializers of several kinds, seeded. */
function initialised(): LayersModel {
  const spread = initializers.randomUniform({ minval: 2, maxval: 3, seed: 1 })
  const kernelInitializer = initializers.glorotUniform({ seed: 2 })
  return sequential({
    layers: [
      layers.dense({ name: 'kernel', units: 12, inputShape: [6], kernelInitializer }),
      layers.dense({
        name: 'uniform',
        units: 8,
        biasInitializer: 'ones',
        kernelInitializer: spread,
      }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ name: 'out', units: 2, kernelInitializer }),
    ],
  })
}

describe('prune with reinitialise', () => {
  test('reinitialise draws values of the same distribution that are not those of W0', async () => {
    const { starts, rounds } = await recorded(reinitialise({ seed: 1 }), initialised)
    const limit = Math.sqrt(6 / (6 + 12))
    for (const round of [1, 2]) {
      const { 'kernel/kernel': kernel, 'uniform/kernel': uniform, ...others } = starts[round]!
      const drawn = (name: string, values: Float32Array) =>
        values.filter(
          (_, i) =>
            rounds[round]!.mask.weights.find((weight) => weight.name === name)!.values[i] === 1,
        )
      const kept = drawn('kernel/kernel', kernel!)
      expect(kept.every((value) => Math.abs(value) <= limit)).toBe(true)
      expect(Math.max(...kept.map(Math.abs))).toBeGreaterThan(limit / 2)
      expect(kept.some((value) => starts[0]!['kernel/kernel']!.includes(value))).toBe(false)
      expect(drawn('uniform/kernel', uniform!).every((value) => value >= 2 && value < 3)).toBe(true)
      expect([...others['uniform/bias']!]).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
      expect([...others['norm/gamma']!]).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
    }
  })

  test('reinitialise draws other values in each round, the same ones for the same seed', async () => {
    const runs = [1, 1, 2].map((seed) => recorded(reinitialise({ seed }), initialised))
    const [first, second, other] = (await Promise.all(runs)).map(({ starts }) =>
      starts.map(({ 'kernel/kernel': k }) => k),
    )
    expect([second![1], second![2]]).toEqual([first![1], first![2]])
    expect(other![1]).not.toEqual(first![1])
    const alive = first![2]!.map((value, i) => (value === 0 ? 0 : first![1]![i]!))
    expect(first![2]).not.toEqual(alive)
  })

  test('reinitialise leaves frozen layers as they are', async () => {
    const { starts } = await recorded(reinitialise({ seed: 1 }), () => {
      const model = smallNetwork()
      model.getLayer('hidden').trainable = false
      return model
    })
    for (const round of [1, 2])
      expect(starts[round]!['hidden/kernel']).toEqual(starts[0]!['hidden/kernel'])
    expect(starts[1]!['middle/bias']).not.toEqual(starts[0]!['middle/bias'])
  })

  test('reinitialise draws no layer anew that the training froze in mid-run', async () => {
    const [data, model] = [imbalancedSamples(24), smallNetwork()]
    const starts: Float32Array[] = []
    const { train: inner, ...others } = quickRun(data)
    await prune(model, {
      ...others,
      schedule: [1, 0.5, 0.25],
      rewind: reinitialise({ seed: 1 }),
      select: { exclude: 'middle' },
      train: (context) => {
        starts.push(weightsByName(model)['middle/bias']!.slice())
        model.getLayer('middle').trainable = context.round === 0
        return inner(context)
      },
    })
    expect(starts[1]).not.toEqual(starts[0])
    // A frozen weight is a statistic, which this rewinder takes back to W0.
    expect(starts[2]).toEqual(starts[0])
  })

  test('reinitialise starts the forget gates of an LSTM at 1', async () => {
    const { starts } = await recorded(reinitialise({ seed: 1 }), () => {
      const biasInitializer = initializers.randomUniform({ minval: -0.5, maxval: 0.5 })
      const recurrent = {
        recurrentInitializer: 'glorotNormal' as const,
        unitForgetBias: true,
        biasInitializer,
      }
      const lstm = layers.lstm({ name: 'lstm', units: 3, ...recurrent })
      const folded = layers.reshape({ targetShape: [2, 3], inputShape: [6] })
      return sequential({ layers: [folded, lstm, layers.dense({ units: 2 })] })
    })
    const bias = starts[1]!['lstm/bias']!
    expect([...bias.slice(3, 6)]).toEqual([1, 1, 1])
    const rest = [...bias.slice(0, 3), ...bias.slice(6)]
    expect(new Set(rest).size).toBe(9)
    expect(rest.every((value) => Math.abs(value) <= 0.5)).toBe(true)
  })

  test('reinitialise names the layer whose configuration has no initializer', async () => {
    class Scale extends layers.Layer {
      static className = 'Scale'
      override build() {
        this.addWeight('factor', [1], 'float32', initializers.ones())
        this.built = true
      }
      override call(xs: Tensor | Tensor[]) {
        return mul(Array.isArray(xs) ? xs[0]! : xs, this.weights[0]!.read())
      }
    }
    const make = () =>
      sequential({
        layers: [
          layers.dense({ units: 4, inputShape: [6] }),
          new Scale({ name: 'scale' }),
          layers.dense({ units: 2 }),
        ],
      })
    await expect(recorded(reinitialise({ seed: 1 }), make)).rejects.toThrow(
      'Cannot draw scale/factor anew: expected a layer with a known factorInitializer, got none',
    )
  })
})
