import { getBackend, ones, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, expect, test } from 'vitest'
import { fisher } from '../../src/criteria/fisher.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { unitTaylor } from '../../src/criteria/unit-taylor.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { readWeights, writeWeights } from '../../src/internal/weight-values.js'
import { distance } from '../losses/gradient-of.js'
import { fillWeights, randomValues, weightsByName } from '../support/weights.js'
import { scoresIn } from './scores-of.js'

beforeAll(() => {
  if (getBackend() === 'wasm') registerWasmGradients()
})

const networks: Record<string, { build: () => LayersModel; inputShape: number[] }> = {
  mlp: {
    inputShape: [4],
    build: () =>
      sequential({
        layers: [
          layers.dense({ name: 'hidden', units: 5, activation: 'tanh', inputShape: [4] }),
          layers.dense({ name: 'out', units: 3 }),
        ],
      }),
  },
  cnn: {
    inputShape: [5, 5, 1],
    build: () =>
      sequential({
        layers: [
          layers.conv2d({
            name: 'conv',
            filters: 2,
            kernelSize: 3,
            activation: 'tanh',
            inputShape: [5, 5, 1],
          }),
          layers.averagePooling2d({ poolSize: 2, strides: 1 }),
          layers.flatten(),
          layers.dense({ name: 'out', units: 3 }),
        ],
      }),
  },
}

const YS = [0, 1, 2, 0, 1]
const BATCHES = [[0, 1], [2, 3], [4]]

/** The network, its samples and a kernel's numbers one by one. */
function setUp(name: string) {
  const { build, inputShape } = networks[name]!
  const model = fillWeights(build(), 3)
  const size = inputShape.reduce((product, side) => product * side, 1)
  return { model, xs: tensor(randomValues(5 * size, 9), [5, ...inputShape]) }
}

/** Mean cross-entropy of some samples, in float64 from the logits on. */
function lossOf(model: LayersModel, xs: Tensor, rows: readonly number[]): number {
  const logits = tidy(() => (model.apply(xs) as Tensor).arraySync()) as number[][]
  const losses = rows.map((row) => {
    const z = logits[row]!
    return Math.log(z.reduce((total, value) => total + Math.exp(value), 0)) - z[YS[row]!]!
  })
  return losses.reduce((total, loss) => total + loss, 0) / rows.length
}

/** w df/dw of each element of each kernel by central differences. */
function productsOf(model: LayersModel, f: () => number): Record<string, number[]> {
  const kernels = modelWeights(model).filter(({ role }) => role === 'kernel')
  const values = weightsByName(model)
  const h = 1 / 64
  const at = (name: string, index: number, value: number) => {
    const moved = values[name]!.slice()
    moved[index] = value
    writeWeights(model, { [name]: moved })
    return f()
  }
  return Object.fromEntries(
    kernels.map(({ name }) => {
      const products = [...values[name]!].map(
        (w, i) => (w * (at(name, i, w + h) - at(name, i, w - h))) / (2 * h),
      )
      writeWeights(model, { [name]: values[name]! })
      return [name, products]
    }),
  )
}

const sumOver = (parts: readonly { share: number; scores: readonly number[] }[]) =>
  parts[0]!.scores.map((_, i) =>
    parts.reduce((total, { share, scores }) => total + share * scores[i]!, 0),
  )

/** Mean over the batches of what `of` makes of the products. */
function overBatches(
  model: LayersModel,
  xs: Tensor,
  batches: number[][],
  of: (products: number[], units: number) => number[],
) {
  const parts = batches.map((rows) => ({
    rows,
    products: productsOf(model, () => lossOf(model, xs, rows)),
  }))
  const units = Object.fromEntries(
    modelWeights(model).map(({ name, shape }) => [name, shape.at(-1)!]),
  )
  return Object.fromEntries(
    Object.keys(parts[0]!.products).map((name) => {
      const own = parts.map(({ rows, products }) => {
        return { share: rows.length / YS.length, scores: of(products[name]!, units[name]!) }
      })
      return [name, sumOver(own)]
    }),
  )
}

const squares = (products: number[]) => products.map((product) => product ** 2)

/** (sum over a unit)^2, shared out. */
function unitSquares(products: number[], units: number): number[] {
  const sums = Array.from({ length: units }, (_, unit) =>
    products
      .filter((_product, i) => i % units === unit)
      .reduce((total, product) => total + product, 0),
  )
  return products.map((_, i) => sums[i % units]! ** 2 / (products.length / units))
}

const all = [[0, 1, 2, 3, 4]]

test.each(Object.keys(networks))(
  'taylor, unitTaylor, fisher and snip are what finite differences say: %s',
  async (name) => {
    const { model, xs } = setUp(name)
    const singles = YS.map((_, i) => [i])
    const wanted = {
      taylor: overBatches(model, xs, BATCHES, squares),
      unitTaylor: overBatches(model, xs, BATCHES, unitSquares),
      fisher: overBatches(model, xs, singles, (products) =>
        squares(products).map((square) => square / 2),
      ),
      snip: overBatches(model, xs, all, (products) => products.map(Math.abs)),
    }
    const samples = { xs, ys: YS, batchSize: 2 }
    const got = {
      taylor: await scoresIn(model, taylor(), { samples }),
      unitTaylor: await scoresIn(model, unitTaylor(), { samples }),
      fisher: await scoresIn(model, fisher(), { samples: { ...samples, batchSize: 1 } }),
      snip: await scoresIn(model, snip(), { samples }),
    }
    for (const [criterion, scores] of Object.entries(got)) {
      for (const [weight, values] of Object.entries(scores)) {
        expect(
          distance(values, wanted[criterion as keyof typeof wanted][weight]!),
          `${criterion} ${weight}`,
        ).toBeLessThan(1e-3)
      }
    }
    xs.dispose()
    model.dispose()
  },
)

test('snip and synFlow look at W0, gradients included, and leave the trained weights as they were', async () => {
  const { model, xs } = setUp('mlp')
  const trained = await readWeights(model)
  const initial = Object.fromEntries(
    Object.entries(trained).map(([name, values]) => [name, randomValues(values.length, 77)]),
  )
  writeWeights(model, initial)
  const wanted = overBatches(model, xs, all, (products) => products.map(Math.abs))
  const flow = await scoresIn(model, synFlow())
  writeWeights(model, trained)
  const scores = await scoresIn(model, snip(), { samples: { xs, ys: YS }, initial })
  for (const [weight, values] of Object.entries(scores))
    expect(distance(values, wanted[weight]!)).toBeLessThan(1e-3)
  expect(await scoresIn(model, synFlow(), { initial })).toEqual(flow)
  expect(await readWeights(model)).toEqual(trained)
  xs.dispose()
  model.dispose()
})

/** Layers without bends, so that the flow is linear in each weight. */
const flowing: Record<string, () => LayersModel> = {
  mlp: () =>
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 5, activation: 'relu', inputShape: [4] }),
        layers.dense({ name: 'out', units: 3 }),
      ],
    }),
  cnn: () =>
    sequential({
      layers: [
        layers.conv2d({
          name: 'conv',
          filters: 2,
          kernelSize: 3,
          activation: 'relu',
          inputShape: [6, 6, 1],
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ name: 'second', filters: 3, kernelSize: 2, activation: 'relu' }),
        layers.flatten(),
        layers.dense({ name: 'out', units: 2 }),
      ],
    }),
}

test.each(Object.keys(flowing))(
  'synFlow is |w dR/dw| by finite differences, up to one factor: %s',
  async (name) => {
    const model = fillWeights(flowing[name]!(), 5)
    const scores = await scoresIn(model, synFlow())
    const absolute = modelWeights(model).map(({ name: weight, role, variable }) => {
      return [
        weight,
        (variable.dataSync() as Float32Array).map((value) =>
          role === 'bias' ? 0 : Math.abs(value),
        ),
      ] as const
    })
    writeWeights(model, Object.fromEntries(absolute))
    const shape = model.inputs[0]!.shape.map((side) => side ?? 1)
    const wanted = productsOf(model, () =>
      tidy(() => sum(model.apply(ones(shape)) as Tensor).dataSync()[0]!),
    )
    const [got, expected] = [scores, wanted].map((parts) =>
      Object.keys(wanted).flatMap((weight) => parts[weight]!),
    )
    const factor =
      got!.reduce((total, score) => total + score, 0) /
      expected!.reduce((total, score) => total + score, 0)
    expect(
      distance(
        got!.map((score) => score / factor),
        expected!,
      ),
    ).toBeLessThan(1e-3)
    model.dispose()
  },
)

test('synFlow conserves: what comes in and goes out of each unit is equal', async () => {
  const model = fillWeights(flowing.mlp!(), 6)
  const scores = await scoresIn(model, synFlow())
  for (let unit = 0; unit < 5; unit++) {
    const into = scores['hidden/kernel']!.filter((_, i) => i % 5 === unit).reduce(
      (total, score) => total + score,
      0,
    )
    const out = scores['out/kernel']!.slice(3 * unit, 3 * unit + 3).reduce(
      (total, score) => total + score,
      0,
    )
    expect(into / out).toBeCloseTo(1, 5)
  }
  model.dispose()
})
