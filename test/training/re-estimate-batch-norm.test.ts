import { reshape, type Tensor, tensor, tensor2d, tidy, train } from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  initializers,
  input,
  type LayersModel,
  layers,
  sequential,
} from '@tensorflow/tfjs-layers'
import { fit, type Train } from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { shuffledBatches } from '../../src/data/shuffled-batches.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { prune } from '../../src/prune.js'
import { reEstimateBatchNorm } from '../../src/training/re-estimate-batch-norm.js'
import golden from '../golden/distillation.json'
import { imbalancedSamples, quickRun, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { through } from '../support/through.js'
import { fillWeights, randomValues, weightsByName } from '../support/weights.js'

const isMoving = (name: string) => /\/moving_(mean|variance)$/.test(name)

/** The moving statistics by name. */
function movingOf(model: LayersModel): Record<string, number[]> {
  const entries = Object.entries(weightsByName(model)).filter(([name]) => isMoving(name))
  return Object.fromEntries(entries.map(([name, values]) => [name, [...values]]))
}

/** The moving statistics that tfjs itself has after one batch in training with momentum 0. */
function trainedOnce(
  model: LayersModel,
  xs: Tensor,
  batchNorms: readonly layers.Layer[],
): Record<string, number[]> {
  for (const layer of batchNorms) (layer as unknown as { momentum: number }).momentum = 0
  tidy(() => void model.apply(xs, { training: true }))
  return movingOf(model)
}

function expectClose(got: Record<string, number[]>, wanted: Record<string, number[]>) {
  expect(Object.keys(got)).toEqual(Object.keys(wanted))
  for (const [name, values] of Object.entries(wanted)) {
    for (const [i, value] of values.entries()) expect(got[name]![i]! / value).toBeCloseTo(1, 3)
  }
}

/** Random values of a shape, not centred. */
const samples = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b)
  return tensor(
    randomValues(size).map((value) => 2 * value + 1),
    shape,
  )
}

describe('reEstimateBatchNorm', () => {
  test('reEstimateBatchNorm agrees with update_bn of PyTorch', async () => {
    const { xs, kernels, layers: wanted } = golden.batchNorm
    const norms = [layers.batchNormalization({ inputShape: [4] }), layers.batchNormalization()]
    const hidden = layers.dense({ units: 3, activation: 'relu' })
    const model = sequential({ layers: [norms[0]!, hidden, norms[1]!, layers.dense({ units: 2 })] })
    const set = (layer: layers.Layer, ...values: number[][]) =>
      layer.setWeights(
        layer.weights
          .slice(0, values.length)
          .map((weight, i) => tensor(values[i]!, weight.shape as [number])),
      )
    set(hidden, ...kernels.hidden)
    norms.forEach((layer, i) => {
      const { gamma, beta } = wanted[i]!
      const moving = layer.getWeights().slice(2)
      layer.setWeights([tensor(gamma), tensor(beta), ...moving])
    })
    // The batches of the script are drawn in its order: put each row where the shuffled order looks
    // for it.
    const [order] = shuffledBatches({ sampleCount: 24, batchSize: 24 })(0)
    const rows: number[][] = []
    for (const [k, index] of order!.entries()) rows[index] = xs.slice(4 * k, 4 * k + 4)
    expect(await reEstimateBatchNorm(model, { xs: rows }, { batchSize: 6 })).toBe(2)
    norms.forEach((layer, i) => {
      const [mean, variance] = layer.getWeights().slice(2)
      const { mean: wantedMean, variance: wantedVariance } = wanted[i]!
      for (const [c, value] of wantedMean.entries())
        expect(mean!.dataSync()[c]).toBeCloseTo(value, 4)
      for (const [c, value] of wantedVariance.entries())
        expect(variance!.dataSync()[c]).toBeCloseTo(value, 4)
    })
  })

  test.each([1, 7, 10, 32, 100])(
    'reEstimateBatchNorm is exact for a first layer in batches of %i',
    async (batchSize) => {
      const model = sequential({ layers: [layers.batchNormalization({ inputShape: [2] })] })
      const rows = [...randomValues(66)].map((value, i) => (i % 2 === 0 ? 1000 + value : value))
      await reEstimateBatchNorm(model, { xs: tensor2d(rows, [33, 2]) }, { batchSize })
      for (const channel of [0, 1]) {
        const values = rows.filter((_, i) => i % 2 === channel).map(Math.fround)
        const mean = values.reduce((sum, value) => sum + value, 0) / 33
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 33
        const [means, variances] = Object.values(movingOf(model))
        expect(means![channel]! / mean).toBeCloseTo(1, 5)
        expect(variances![channel]! / variance).toBeCloseTo(1, 3)
      }
    },
  )

  test('reEstimateBatchNorm with one batch agrees with a training step of tfjs: images, both axes, a nested model', async () => {
    const norms = [
      layers.batchNormalization({ axis: 1 }),
      layers.batchNormalization(),
      layers.batchNormalization(),
    ]
    const inner = sequential({
      name: 'inner',
      layers: [layers.dense({ units: 3, inputShape: [5] }), norms[2]!],
    })
    const inputs = input({ shape: [4, 4, 2] })
    let x = through(layers.conv2d({ filters: 3, kernelSize: 2, activation: 'relu' }), inputs)
    x = through(norms[1]!, through(norms[0]!, x))
    x = through(layers.dense({ units: 5, activation: 'tanh' }), through(layers.flatten(), x))
    const model = fillWeights(defineModel({ inputs, outputs: through(inner, x) }))
    const xs = samples(9, 4, 4, 2)
    expect(await reEstimateBatchNorm(model, { xs })).toBe(3)
    const got = movingOf(model)
    expectClose(got, trainedOnce(model, xs, norms))
  })

  test('reEstimateBatchNorm with one batch agrees with a training step of tfjs: masked sequences', async () => {
    const norm = layers.batchNormalization()
    const recurrent = layers.lstm({ units: 4, recurrentInitializer: 'glorotNormal' })
    const embedding = layers.embedding({
      inputDim: 5,
      outputDim: 3,
      maskZero: true,
      inputLength: 6,
    })
    const model = fillWeights(
      sequential({ layers: [embedding, recurrent, norm, layers.dense({ units: 2 })] }),
    )
    const words = Array.from({ length: 8 }, (_, i) =>
      Array.from({ length: 6 }, (_unused, k) => (k < i - 1 ? ((i * k) % 4) + 1 : 0)),
    )
    const xs = tensor2d(words)
    await reEstimateBatchNorm(model, { xs })
    const got = movingOf(model)
    expectClose(got, trainedOnce(model, xs, [norm]))
  })

  test('reEstimateBatchNorm puts together what a layer that is used twice sees', async () => {
    const norm = layers.batchNormalization()
    const inputs = [input({ shape: [1] }), input({ shape: [1] })]
    const outputs = through(
      layers.add(),
      inputs.map((one) => through(norm, one)),
    )
    const model = defineModel({ inputs, outputs })
    const count = await reEstimateBatchNorm(model, {
      xs: [tensor2d([[1], [2], [3]]), tensor2d([[10], [20], [0]])],
    })
    const [mean, variance] = Object.values(movingOf(model)).map(([value]) => value!)
    expect(count).toBe(1)
    expect(mean).toBeCloseTo(6, 5)
    expect(variance).toBeCloseTo((25 + 16 + 9 + 16 + 196 + 36) / 6, 4)
  })

  test('reEstimateBatchNorm sees every time of TimeDistributed as a sample', async () => {
    const layer = layers.timeDistributed({ layer: layers.batchNormalization(), inputShape: [2, 1] })
    const model = sequential({ layers: [layer, layers.flatten(), layers.dense({ units: 1 })] })
    expect(
      await reEstimateBatchNorm(model, {
        xs: [
          [[1], [2]],
          [[3], [10]],
        ],
      }),
    ).toBe(1)
    const [mean, variance] = Object.values(movingOf(model)).map(([value]) => value!)
    expect(mean).toBeCloseTo(4, 5)
    expect(variance).toBeCloseTo((9 + 4 + 1 + 36) / 4, 5)
  })

  test('reEstimateBatchNorm works without scale and center, where tfjs cannot train', async () => {
    const norm = layers.batchNormalization({ scale: false, center: false, inputShape: [2] })
    const kernelInitializer = initializers.glorotNormal({ seed: 1 })
    const model = sequential({
      layers: [
        norm,
        layers.dense({ units: 3, kernelInitializer }),
        layers.batchNormalization({ scale: false }),
      ],
    })
    expect(() => tidy(() => void model.apply(samples(5, 2), { training: true }))).toThrow()
    expect(await reEstimateBatchNorm(model, { xs: samples(50, 2) })).toBe(2)
    const outputs = [...(model.predict(samples(50, 2)) as Tensor).dataSync()]
    const squares = outputs.reduce((sum, value) => sum + value * value, 0) / outputs.length
    expect(squares).toBeCloseTo(1, 1)
  })

  test('reEstimateBatchNorm changes moving statistics alone, those of frozen layers too, and leaves dropout off', async () => {
    const build = (rate: number) => {
      const hidden = layers.dense({ name: 'hidden', units: 6, inputShape: [4] })
      const norms = [
        layers.batchNormalization({ name: 'one' }),
        layers.batchNormalization({ name: 'two', trainable: false }),
      ]
      const noise = [layers.dropout({ rate }), layers.gaussianNoise({ stddev: rate })]
      const last = layers.dense({ name: 'last', units: 2 })
      return fillWeights(sequential({ layers: [hidden, norms[0]!, ...noise, norms[1]!, last] }))
    }
    const [noisy, plain] = [build(0.5), build(0)]
    const before = weightBits(noisy)
    for (const model of [noisy, plain])
      await reEstimateBatchNorm(model, { xs: samples(40, 4) }, { batchSize: 16 })
    const after = weightBits(noisy)
    for (const [name, bits] of Object.entries(before)) {
      if (isMoving(name)) expect(after[name]).not.toEqual(bits)
      else expect(after[name]).toEqual(bits)
    }
    expect(after).toEqual(weightBits(plain))
  })

  test('reEstimateBatchNorm splits samples evenly and mixes sorted ones, by seed', async () => {
    const sorted = tensor2d(Array.from({ length: 65 }, (_, i) => [i < 33 ? -1 : 1, i]))
    const second = async (options: object) => {
      const norm = layers.batchNormalization({ inputShape: [2] })
      const model = fillWeights(
        sequential({
          layers: [
            norm,
            layers.dense({ units: 3, activation: 'tanh' }),
            layers.batchNormalization(),
          ],
        }),
      )
      await reEstimateBatchNorm(model, { xs: sorted }, options)
      return Object.values(movingOf(model))[3]!
    }
    expect(await second({ batchSize: 32, seed: 1 })).toEqual(
      await second({ batchSize: 32, seed: 1 }),
    )
    expect(await second({ batchSize: 32, seed: 1 })).not.toEqual(
      await second({ batchSize: 32, seed: 2 }),
    )
    const [whole, half] = [await second({ batchSize: 65 }), await second({ batchSize: 64 })]
    for (const [i, value] of whole.entries())
      expect(Math.abs(half[i]! / value - 1)).toBeLessThan(0.1)
  })

  test('reEstimateBatchNorm does nothing in a model without batch norm', async () => {
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
    const before = weightBits(model)
    expect(await reEstimateBatchNorm(model, { xs: samples(4, 4) })).toBe(0)
    expect(weightBits(model)).toEqual(before)
  })

  test('reEstimateBatchNorm keeps the old statistics when a value is not finite, or the work is aborted', async () => {
    const norms = [layers.batchNormalization({ inputShape: [2] }), layers.batchNormalization()]
    const model = fillWeights(
      sequential({ layers: [norms[0]!, layers.dense({ units: 3 }), norms[1]!] }),
    )
    const before = weightBits(model)
    // The square of the last one is more than float32 holds.
    const bad = tensor2d([...randomValues(19), 1e30], [10, 2])
    const refusal = await lateRefusalOf(() =>
      reEstimateBatchNorm(model, { xs: bad }, { batchSize: 2 }),
    )
    expect(refusal).toMatch(
      /^RangeError: Cannot re-estimate batch norm: expected finite values for .*, got (NaN|Infinity)$/,
    )
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    const { signal } = controller
    await expect(reEstimateBatchNorm(model, { xs: samples(9, 2) }, { signal })).rejects.toThrow(
      'enough',
    )
    expect(weightBits(model)).toEqual(before)
  })

  test('reEstimateBatchNorm leaves no tensor, also when it throws', async () => {
    const inputs = input({ shape: [3, 2] })
    const inner = layers.timeDistributed({ layer: layers.batchNormalization() })
    const x = through(
      layers.batchNormalization(),
      through(layers.dropout({ rate: 0.5 }), through(inner, inputs)),
    )
    const model = defineModel({ inputs, outputs: through(layers.flatten(), x) })
    const [good, wrong] = [samples(9, 3, 2), samples(9, 2)]
    await expect(() =>
      reEstimateBatchNorm(model, { xs: good }, { batchSize: 4 }),
    ).toLeaveNoTensors()
    await expect(() =>
      lateRefusalOf(() => reEstimateBatchNorm(model, { xs: wrong })),
    ).toLeaveNoTensors()
    const xs = reshape(tensor([Number.NaN, 1, 2, 3, 4, 5]), [1, 3, 2])
    await expect(() => lateRefusalOf(() => reEstimateBatchNorm(model, { xs }))).toLeaveNoTensors()
  })

  test('reEstimateBatchNorm refuses inputs and options that do not fit', async () => {
    const model = sequential({ layers: [layers.batchNormalization({ inputShape: [2] })] })
    const refusal = (data: unknown, options = {}) =>
      lateRefusalOf(() => reEstimateBatchNorm(model, data as { xs: Tensor }, options))
    const xs = samples(4, 2)
    expect(await refusal({ xs: samples(4, 3) })).toContain(
      'TypeError: Cannot re-estimate batch norm: expected xs of shape [n, 2]',
    )
    expect(await refusal({ xs: tensor2d([], [0, 2]) })).toContain(
      'RangeError: Cannot re-estimate batch norm: expected at least one sample',
    )
    expect(await refusal({ xs: [xs, xs] })).toContain('expected 1 inputs as the model has, got 2')
    expect(await refusal({ xs }, { batchSize: 0 })).toContain(
      'batchSize to be a whole number of at least 1, got 0',
    )
    expect(await refusal({ xs }, { seed: 0.5 })).toContain('RangeError')
    expect(await refusal({ xs }, { momentum: 0.9 })).toContain(
      'expected options among batchSize, seed, signal, got momentum',
    )
  })

  test('reEstimateBatchNorm at the end of a training function gives each round of prune its own statistics', async () => {
    const data = imbalancedSamples(40)
    const hidden = layers.dense({ name: 'hidden', units: 8, inputShape: [6] })
    const norm = layers.batchNormalization({ name: 'norm' })
    const model = fillWeights(
      sequential({ layers: [hidden, norm, layers.dense({ name: 'out', units: 2 })] }),
    )
    modelWeights(model)
      .find(({ role }) => role === 'moving_variance')!
      .variable.assign(tensor([1, 1, 1, 1, 1, 1, 1, 1]))
    const trainRound = fit(data, {
      optimizer: () => train.momentum(0.01, 0.9),
      epochs: 1,
      batchSize: 8,
    })
    const retrain: Train = async (context) => {
      const result = await trainRound(context)
      await reEstimateBatchNorm(context.model, data)
      return result
    }
    const { rounds } = await prune(model, {
      ...quickRun(data, { schedule: [1, 0.25] }),
      train: retrain,
    })
    const kept = movingOf(model)
    await reEstimateBatchNorm(model, data)
    expect(movingOf(model)).toEqual(kept)
    expect(rounds[0]!.evaluation.scores).not.toEqual(rounds[1]!.evaluation.scores)
  })
})
