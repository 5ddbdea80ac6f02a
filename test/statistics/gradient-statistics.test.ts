import {
  gather,
  memory,
  mul,
  randomNormal,
  type Scalar,
  square,
  sum,
  type Tensor,
  tensor1d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  input,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { smallModel } from '../support/small-models.js'
import { fillWeights, weightsByName } from '../support/weights.js'
import { largestError, statisticOf, valuesOf, weightOf } from './support.js'

let xs: Tensor
const ys = Int32Array.from([0, 1, 1, 0, 1, 0, 0, 1, 0])
beforeAll(() => {
  xs = randomNormal([9, 4], 0, 1, 'float32', 8)
})
afterAll(() => xs.dispose())

const NAMES = ['hidden/kernel', 'out/kernel', 'out/bias']

/** Gradient of the mean loss of some samples, by tfjs alone. */
function gradientOf(
  model: ReturnType<typeof smallModel>,
  name: string,
  indices: readonly number[],
): Tensor {
  const { variable } = weightOf(model, name)
  return tidy(() => {
    const [inputs, labels] = [
      gather(xs, tensor1d([...indices], 'int32')),
      tensor1d(indices.map((i) => ys[i]!)),
    ]
    const loss = () => weightedCrossentropy()(labels, model.predict(inputs) as Tensor) as Scalar
    return variableGrads(loss, [variable]).grads[variable.name]!
  })
}

const all = [0, 1, 2, 3, 4, 5, 6, 7, 8]

describe('statistics of gradients', () => {
  it('gradient is that of the mean loss, however the batches are cut', async () => {
    const model = smallModel()
    for (const batchSize of [1, 2, 4, 9, 100]) {
      const found = await statisticOf(model, 'gradient', {
        names: NAMES,
        samples: { xs, ys, batchSize },
      })
      for (const name of NAMES) {
        const expected = valuesOf(() => gradientOf(model, name, all))
        expect(largestError(found[name]!.values, expected)).toBeLessThan(1e-5)
      }
    }
  })

  it('gradient of a class is that of its samples', async () => {
    const model = smallModel()
    for (const index of [0, 1]) {
      const found = await statisticOf(model, 'gradient', {
        names: NAMES,
        samples: { xs, ys, batchSize: 2 },
        index,
      })
      const own = all.filter((i) => ys[i] === index)
      for (const name of NAMES) {
        const expected = valuesOf(() => gradientOf(model, name, own))
        expect(largestError(found[name]!.values, expected)).toBeLessThan(1e-5)
      }
    }
  })

  it('squaredGradient and unitSaliency are means over batches, by their share of the samples', async () => {
    const model = smallModel()
    const samples = { xs, ys, batchSize: 4 }
    const batches = [all.slice(0, 4), all.slice(4, 8), all.slice(8)]
    const squares = await statisticOf(model, 'squaredGradient', { names: NAMES, samples })
    const saliencies = await statisticOf(model, 'unitSaliency', { names: NAMES, samples })
    for (const name of NAMES) {
      const { variable } = weightOf(model, name)
      const mean = (part: (gradient: Tensor) => Tensor) => {
        const parts = batches.map((batch) => valuesOf(() => part(gradientOf(model, name, batch))))
        return parts[0]!.map((_, i) =>
          parts.reduce((total, one, b) => total + (one[i]! * batches[b]!.length) / 9, 0),
        )
      }
      expect(largestError(squares[name]!.values, mean(square))).toBeLessThan(1e-5)
      const ofUnit = (gradient: Tensor) => {
        const products = mul(gradient, variable)
        return square(products.rank > 1 ? sum(products, 0) : products)
      }
      expect(largestError(saliencies[name]!.values, mean(ofUnit))).toBeLessThan(1e-5)
      expect(saliencies[name]!.shape).toEqual(
        variable.rank > 1 ? [1, variable.shape[1]] : variable.shape,
      )
    }
  })

  it('gradient is there for frozen layers, and samples need not have the positive class of the loss', async () => {
    const [free, frozen] = [smallModel(), smallModel()]
    frozen.layers[0]!.trainable = false
    const samples = { xs, ys: new Int32Array(9) }
    const both = await Promise.all(
      [free, frozen].map((model) =>
        statisticOf(model, 'gradient', { names: ['hidden/kernel'], samples }),
      ),
    )
    expect(both[1]).toEqual(both[0])
    expect(both[0]!['hidden/kernel']!.values.some((value) => Math.abs(value) > 1e-4)).toBe(true)
  })

  it('gradient of a weight that the loss does not depend on is 0', async () => {
    const x = input({ shape: [4] })
    const out = layers.dense({ name: 'out', units: 2 }).apply(x) as SymbolicTensor
    const cut = layers.dense({
      name: 'cut',
      units: 2,
      activation: 'relu',
      biasInitializer: 'zeros',
    })
    const sum2 = layers.add().apply([out, cut.apply(x) as SymbolicTensor]) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: x, outputs: sum2 }))
    const { variable } = weightOf(model, 'cut/bias')
    const low = tensor1d([-1e6, -1e6])
    variable.assign(low)
    low.dispose()
    const found = await statisticOf(model, 'gradient', {
      names: ['cut/kernel'],
      samples: { xs, ys },
    })
    expect(found['cut/kernel']!.values.every((value) => value === 0)).toBe(true)
  })

  it('gathering gradients tells how far it is, and stops when it is told', async () => {
    const { gatherStatistics } = await import('../../src/statistics/gather-statistics.js')
    const model = smallModel()
    const weights = ['out/kernel']
    const seen: string[] = []
    const needs = ['gradient', { statistic: 'gradient', class: 1 }] as const
    const samples = { xs, ys, batchSize: 4 }
    const onProgress = (event: { samples: number; of: number }) =>
      void seen.push(`${event.samples} of ${event.of}`)
    const gathered = await gatherStatistics(model, { needs, weights, samples, onProgress })
    expect(seen).toEqual(['4 of 13', '8 of 13', '9 of 13', '13 of 13'])
    gathered.dispose()
    const before = memory().numTensors
    const signal = AbortSignal.abort('over')
    await expect(gatherStatistics(model, { needs, weights, samples, signal })).rejects.toBe('over')
    expect(memory().numTensors).toBe(before)
  })
})

describe('flow', () => {
  it('flow times weight is the score of SynFlow, all by one number', async () => {
    const make = () =>
      fillWeights(
        sequential({
          layers: [
            layers.dense({ name: 'one', units: 5, activation: 'relu', inputShape: [4] }),
            layers.dense({ name: 'two', units: 3, activation: 'relu' }),
            layers.dense({ name: 'three', units: 2 }),
          ],
        }),
      )
    const model = make()
    const before = model.getWeights().map((weight) => [...weight.dataSync()])
    const names = ['one/kernel', 'two/kernel', 'three/kernel']
    const flow = await statisticOf(model, 'flow', { names })
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before)
    const kernels = names.map((name) =>
      [...weightOf(model, name).variable.dataSync()].map(Math.abs),
    )
    // R = 1^T |W1| |W2| |W3| 1 by hand, and its derivative by differences.
    const shapes = [
      [4, 5],
      [5, 3],
      [3, 2],
    ]
    const flowOf = (all: number[][]) => {
      let signal = [1, 1, 1, 1]
      all.forEach((kernel, k) => {
        const units = shapes[k]![1]!
        signal = Array.from({ length: units }, (_, unit) =>
          signal.reduce((total, value, i) => total + value * kernel[i * units + unit]!, 0),
        )
      })
      return signal.reduce((total, value) => total + value, 0)
    }
    const ratios = names.flatMap((name, k) =>
      kernels[k]!.map((value, i) => {
        const moved = kernels.map((kernel, other) =>
          kernel.map((own, at) => (other === k && at === i ? own + 1 : own)),
        )
        const slope = flowOf(moved) - flowOf(kernels)
        return (value * flow[name]!.values[i]!) / (value * slope)
      }),
    )
    const [first] = ratios as [number]
    expect(first).toBeGreaterThan(0)
    for (const ratio of ratios) expect(ratio / first).toBeCloseTo(1, 4)
  })

  it('flow of a deep network is finite', async () => {
    const deep = Array.from({ length: 30 }, (_, i) =>
      layers.dense({
        name: `l${i}`,
        units: 64,
        activation: 'relu',
        ...(i === 0 ? { inputShape: [64] } : {}),
      }),
    )
    const model = fillWeights(sequential({ layers: deep }))
    const flow = await statisticOf(model, 'flow', { names: ['l0/kernel', 'l29/kernel'] })
    for (const { values } of Object.values(flow)) {
      expect(values.every(Number.isFinite)).toBe(true)
      expect(values.some((value) => value > 1e-6)).toBe(true)
    }
  })

  it('flow refuses a model that ends in a softmax, whose flow is always 1', async () => {
    const model = sequential({
      layers: [layers.dense({ name: 'out', units: 2, activation: 'softmax', inputShape: [3] })],
    })
    await expect(statisticOf(model, 'flow', { names: ['out/kernel'] })).rejects.toThrow(
      /^Cannot gather the flow: expected a model that puts out logits, got one that ends in a softmax/,
    )
  })
})

it('unitSaliency takes all gates of a unit as one, each with an equal part', async () => {
  const lstm = layers.lstm({
    ...{ name: 'lstm', units: 2, inputShape: [3, 2] },
    recurrentInitializer: 'glorotUniform',
  })
  const model = fillWeights(sequential({ layers: [lstm, layers.dense({ units: 2 })] }))
  const xs = randomNormal([4, 3, 2], 0, 1, 'float32', 5)
  const samples = { xs, ys: [0, 1, 1, 0] }
  const names = ['lstm/kernel', 'lstm/recurrent_kernel']
  const gradients = await statisticOf(model, 'gradient', { names, samples })
  const saliencies = await statisticOf(model, 'unitSaliency', { names, samples })
  const weights = weightsByName(model)
  for (const name of names) {
    const sums = [0, 0]
    gradients[name]!.values.forEach((value, i) => {
      sums[i % 2]! += value * weights[name]![i]!
    })
    const parts = Array.from({ length: 8 }, (_, i) => sums[i % 2]! ** 2 / 4)
    expect(saliencies[name]!.shape).toEqual([1, 8])
    expect(largestError(saliencies[name]!.values, parts)).toBeLessThan(1e-5)
  }
  xs.dispose()
})
