import { abs, matMul, randomNormal, serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { fpgm } from '../../src/criteria/fpgm.js'
import { wanda } from '../../src/criteria/wanda.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { registerLayerKind } from '../../src/layer-kinds/registered-kinds.js'
import { stripMasks } from '../../src/layers/strip-masks.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { drawInitial } from '../../src/rounds/draw-initial.js'
import { selectWeights } from '../../src/select/select-weights.js'
import { multiplyAdds } from '../../src/shrink/multiply-adds.js'
import { shrink } from '../../src/shrink/shrink.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { GainConv2D, gainConv2D } from '../support/gain-conv2d.js'
import { randomValues } from '../support/weights.js'

serialization.registerClass(GainConv2D as never)
registerLayerKind(gainConv2D)

function twoGains(): LayersModel {
  const model = sequential({
    layers: [
      new GainConv2D({ name: 'a', filters: 6, kernelSize: 3, inputShape: [7, 7, 2] }),
      layers.reLU(),
      new GainConv2D({ name: 'b', filters: 8, kernelSize: 3 }),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  for (const [i, { variable }] of modelWeights(model).entries())
    assignValues(variable, randomValues(variable.size, 1 + i))
  return model
}

const xs = () => randomNormal([4, 7, 7, 2], 0, 1, 'float32', 1)
const outputsOf = (model: LayersModel, inputs: Tensor) =>
  tidy(() => [...(model.predict(inputs) as Tensor).dataSync()])

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length)
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(wanted[i]!, 4)
}

test('a kind of a user is selected, its bias on request and its gain never', () => {
  const { weights } = selectWeights(twoGains(), { biases: true, unsupported: 'error' })
  expect(weights.map(({ name }) => name)).toEqual([
    ...['a/kernel', 'a/bias', 'b/kernel', 'b/bias'],
    ...['out/kernel', 'out/bias'],
  ])
})

test.each([
  { words: 'wanda', criterion: wanda({ compare: 'layer' }) },
  { words: 'fpgm', criterion: fpgm() },
])('whole filters of a kind of a user are pruned by $words, masked and shrunk', async (one) => {
  const model = twoGains()
  const inputs = xs()
  const chosen = await computeMask(model, {
    density: 0.5,
    granularity: units(),
    criterion: one.criterion,
    samples: { xs: inputs, ys: Int32Array.of(0, 1, 0, 1) },
    select: { keepLastLayer: true },
  })
  const mask = wholeUnits(model, chosen)
  expect(mask.weights.map(({ name, kept }) => `${name} ${kept}`)).toEqual([
    ...['a/kernel 54', 'b/kernel 216', 'a/bias 3', 'b/bias 4'],
  ])
  const masked = withMasks(model, mask)
  expect(masked.layers[0]!.getClassName()).toBe('tfjs-prune>GainConv2D')
  applyMask(model, mask)
  const wanted = outputsOf(model, inputs)
  expect(outputsOf(masked, inputs)).toEqual(wanted)
  expect(outputsOf(stripMasks(masked), inputs)).toEqual(wanted)

  const { model: small, layers: cut, kept, parameters, multiplyAdds: work } = await shrink(model)
  expect(cut.map(({ layer, what, after }) => `${layer} ${after} ${what}`)).toEqual([
    ...['a 3 filters', 'b 4 filters', 'out 2 units'],
  ])
  expect(kept).toEqual([])
  expect(parameters).toEqual({
    before: 18 * 6 + 12 + 54 * 8 + 16 + 72 * 2 + 2,
    after: 18 * 3 + 6 + 27 * 4 + 8 + 36 * 2 + 2,
  })
  expect(work.after).toBe(25 * 18 * 3 + 9 * 27 * 4 + 72)
  const { layers: counted } = await multiplyAdds(small)
  expect(counted.map(({ layer }) => layer)).toEqual(['a', 'b', 'out'])
  expectClose(outputsOf(small, inputs), wanted)
})

test('a filter whose gain is 0 is silent, and its constant goes into a bias through the gain there', async () => {
  const model = twoGains()
  const inputs = xs()
  const gain = modelWeights(model).find(({ name }) => name === 'a/gain')!
  const bias = modelWeights(model).find(({ name }) => name === 'a/bias')!
  assignValues(gain.variable, Float32Array.of(0, 1, -1, 0, 2, 0.5))
  assignValues(bias.variable, new Float32Array(6).fill(0.3))
  const wanted = outputsOf(model, inputs)
  const { layers: cut, model: small } = await shrink(model)
  expect(cut[0]).toEqual({ layer: 'a', what: 'filters', before: 6, after: 4 })
  expectClose(outputsOf(small, inputs), wanted)
})

test('computeMask tells a criterion the unit axes of each weight', async () => {
  const seen: Record<string, readonly number[] | undefined> = {}
  const model = sequential({
    layers: [
      layers.depthwiseConv2d({ name: 'deep', kernelSize: 3, inputShape: [5, 5, 2] }),
      layers.conv2dTranspose({ name: 'up', filters: 3, kernelSize: 3 }),
      new GainConv2D({ name: 'gain', filters: 6, kernelSize: 3 }),
    ],
  })
  await computeMask(model, {
    density: 0.5,
    criterion: ({ name, unitAxes, final }) => {
      seen[name] = unitAxes
      return abs(final)
    },
  })
  expect(seen).toEqual({
    'deep/depthwise_kernel': [2, 3],
    'up/kernel': [2],
    'gain/kernel': [3],
  })
})

test('nOfM and drawInitial know a kind of a user too', async () => {
  const model = twoGains()
  const mask = await computeMask(model, { density: 0.5, granularity: nOfM({ of: 2 }) })
  const { values, shape } = mask.weights[0]!
  expect(shape).toEqual([3, 3, 2, 6])
  for (let i = 0; i < values.length; i++)
    if (i % 12 < 6) expect(values[i]! + values[i + 6]!).toBe(1)
  const kernel = modelWeights(model)[0]!
  const [first, again] = [drawInitial(kernel, 1), drawInitial(kernel, 1)]
  expect(first.shape).toEqual(kernel.shape)
  expect([...first.dataSync()]).toEqual([...again.dataSync()])
})

const ones = initializers.ones()

/** x A B: a layer without a bias. */
class LowRank extends layers.Layer {
  static className = 'LowRankShrunk'
  readonly #units: number
  #parts: ReturnType<LowRank['addWeight']>[] = []

  constructor(args: { readonly name?: string; readonly units: number }) {
    super(args)
    this.#units = args.units
  }

  override build(shape: number[]): void {
    const one = (name: string, sides: number[]) => this.addWeight(name, sides, 'float32', ones)
    const side = shape.at(-1)!
    this.#parts = [one('left', [side, 2]), one('right', [2, this.#units])]
    this.built = true
  }

  override computeOutputShape(shape: number[]): number[] {
    return [...shape.slice(0, -1), this.#units]
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [left, right] = this.#parts.map((part) => part.read())
    return tidy(() => matMul(matMul([inputs].flat()[0]!, left!), right!))
  }

  override getConfig() {
    return { ...super.getConfig(), units: this.#units }
  }
}
test('a constant that a layer without a bias reads stays, and is reported; a 0 goes', async () => {
  serialization.registerClass(LowRank as never)
  registerLayerKind({
    className: 'LowRankShrunk',
    weights: {
      left: { use: 'kernel', axes: ['in', 'middle'], makes: ['middle'] },
      right: { use: 'kernel', axes: ['middle', 'out'] },
    },
    sizes: { out: 'units' },
    called: 'units',
  })
  const model = sequential({
    layers: [
      layers.dense({ name: 'in', units: 4, inputShape: [3] }),
      new LowRank({ name: 'low', units: 5 }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  for (const [i, { variable }] of modelWeights(model).entries())
    assignValues(variable, randomValues(variable.size, 1 + i))
  const [kernel, bias] = modelWeights(model)
  const alive = [1, 1, 0, 0]
  assignValues(
    kernel!.variable,
    randomValues(12, 7).map((value, i) => value * alive[i % 4]!),
  )
  assignValues(bias!.variable, Float32Array.of(1, 1, 0.5, 0))
  const inputs = randomNormal([5, 3], 0, 1, 'float32', 2)
  const wanted = outputsOf(model, inputs)
  const { layers: cut, kept, model: small } = await shrink(model)
  expect(cut.map(({ layer, after }) => `${layer} ${after}`)).toEqual(['in 3', 'low 5', 'out 2'])
  const reason =
    'it has no bias that could stand for constant inputs: 1 stay. A mask of wholeUnits would have made them 0'
  expect(kept).toEqual([{ layer: 'low', reason }])
  expect(modelWeights(small).map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    ...['in/kernel 3,3', 'in/bias 3', 'low/left 3,2', 'low/right 2,5'],
    ...['out/kernel 5,2', 'out/bias 2'],
  ])
  expectClose(outputsOf(small, inputs), wanted)
})
