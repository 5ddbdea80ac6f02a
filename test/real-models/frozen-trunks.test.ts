import { memory, type Tensor4D, tensor4d, train } from '@tensorflow/tfjs-core'
import {
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, magnitude, maskStatistics, prune } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { weightsByName } from '../support/weights.js'
import { loadNsfw } from './nsfw.js'

const onWasm = process.env.TFJS_BACKEND === 'wasm'

/** A frozen trunk with a new head of two classes. */
async function transferred(name: Parameters<typeof loadNsfw>[0]): Promise<LayersModel> {
  const base = await loadNsfw(name)
  for (const layer of base.layers) layer.trainable = false
  const features = base.layers.at(-2)!.output as SymbolicTensor
  const head = layers.dense({ name: 'head', units: 2 }).apply(features) as SymbolicTensor
  return modelOf({ inputs: base.inputs, outputs: head })
}

function images(side: number): { xs: Tensor4D; ys: number[] } {
  const { uniform } = randomStream(7)
  const values = Float32Array.from({ length: 2 * side * side * 3 }, uniform)
  return { xs: tensor4d(values, [2, side, side, 3]), ys: [0, 1] }
}

/** Number of weights of each role, their elements, and those that stay at a half. */
const mobilenet = {
  kernel: [37, 2_485_984, 1_242_992],
  depthwise_kernel: [17, 64_224, 32_112],
  head: [1, 256, 128],
}
const inception = { kernel: [96, 22_308_192, 11_154_096], head: [1, 256, 128] }

test.runIf(onWasm).each([
  { name: 'mobilenet_v2', side: 224, kinds: mobilenet, parameters: 2_619_074, share: '0.513' },
  { name: 'inception_v3', side: 299, kinds: inception, parameters: 22_360_482, share: '0.501' },
] as const)(
  'prune prunes $name with a frozen trunk and a new head, every kind of weight told',
  async ({ name, side, kinds, parameters, share }) => {
    const [model, data] = [await transferred(name), images(side)]
    const before = weightsByName(model)
    const tensors = memory().numTensors
    const result = await prune(model, {
      train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1, batchSize: 2 }),
      evaluate: evaluateOn(data, { positiveClass: 1, batchSize: 2 }),
      select: { frozen: true },
      criterion: magnitude(),
      schedule: [1, 0.5],
    })
    expect(memory().numTensors).toBe(tensors)
    const { mask, densityOverAll } = result.kept!
    const told: Record<string, number[]> = {}
    maskStatistics(mask).forEach(({ size, kept: left }, i) => {
      const { layer, role } = mask.weights[i]!
      const [count = 0, sizes = 0, lefts = 0] = told[layer === 'head' ? 'head' : role] ?? []
      told[layer === 'head' ? 'head' : role] = [count + 1, sizes + size, lefts + left]
    })
    expect(told).toEqual(kinds)
    expect([mask.parameters, densityOverAll.toPrecision(3)]).toEqual([parameters, share])
    expect(result.reason).not.toContain('frozen')
    const after = weightsByName(model)
    for (const { name: weight, values, kept: left } of mask.weights) {
      expect(left).toBe(Math.max(1, Math.round(values.length * 0.5)))
      if (weight.startsWith('head/')) continue
      // Frozen weights keep their values where they are kept, and the larger half is kept.
      expect(
        after[weight]!.every((value, i) => value === (values[i] === 1 ? before[weight]![i] : 0)),
      ).toBe(true)
      const least = (low: number, value: number, i: number) =>
        values[i] === 1 ? Math.min(low, Math.abs(value)) : low
      const cut = before[weight]!.reduce(least, Number.POSITIVE_INFINITY)
      expect(before[weight]!.every((value, i) => values[i] === 1 || Math.abs(value) <= cut)).toBe(
        true,
      )
    }
    for (const [weight, values] of Object.entries(before))
      if (/moving_|gamma|beta/.test(weight)) expect(after[weight]).toEqual(values)
    data.xs.dispose()
    model.dispose()
  },
  300_000,
)
