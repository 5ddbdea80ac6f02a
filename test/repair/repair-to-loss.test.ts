import {
  mean,
  memory,
  mul,
  type Scalar,
  scalar,
  slice,
  square,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, test } from 'vitest'
import { readWeights, type WeightValues } from '../../src/internal/weight-values.js'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { type RepairToLossOptions, repairToLoss } from '../../src/repair/repair-to-loss.js'
import { computeMask } from '../../src/step/compute-mask.js'
import golden from '../golden/repair-to-loss.json' with { type: 'json' }
import { fillWeights, randomValues } from '../support/weights.js'
import { expectNear, maskOf, modelOf, samplesOf } from './support.js'

const onCpu = (process.env.TFJS_BACKEND ?? 'cpu') === 'cpu'
const one = golden.cases[0]!
const samples = samplesOf(one)

describe('repairToLoss', () => {
  it.each(golden.cases.map((one, index) => [index, one] as const))(
    'fits kept weights to the loss as numpy and the public code do, case %s',
    async (_, one) => {
      const model = modelOf(one)
      const before = await readWeights(model)
      const { damping, batchSize } = one
      const { riseBefore, riseAfter, dense } = await repairToLoss(model, maskOf(one), {
        samples: { ...samplesOf(one), batchSize },
        damping,
      })
      const after = await readWeights(model)
      for (const [i, name] of ['first', 'second'].entries()) {
        const kernel = after[`${name}/kernel`]!
        expectNear(kernel, one.after[i]!, 2e-4)
        one.kept[i]!.forEach((kept, at) => {
          if (kept === 0) expect(Object.is(kernel[at], 0)).toBe(true)
        })
        expect(after[`${name}/bias`]).toEqual(before[`${name}/bias`])
        expect(dense[`${name}/kernel`]).toEqual(before[`${name}/kernel`])
      }
      expect(riseBefore / one.riseBefore).toBeCloseTo(1, 4)
      expect(riseAfter / one.riseAfter).toBeCloseTo(1, 3)
      model.dispose()
    },
  )

  it('takes a gradient for each sample where there are few, and 256 batches at most', async () => {
    const seen: number[] = []
    const many = { xs: Array.from({ length: 600 }, (_, i) => samples.xs[i % 24]!) }
    for (const xs of [samples.xs, many.xs]) {
      const model = modelOf(one)
      const ys = xs.map((_, i) => i % 3)
      let batches = 0
      await repairToLoss(model, maskOf(one), {
        samples: { xs, ys },
        onProgress: () => {
          batches++
        },
      })
      seen.push(batches)
      model.dispose()
    }
    expect(seen).toEqual([24, 200])
  })

  it('leaves no tensor behind', async () => {
    const models = [modelOf(one), modelOf(one)]
    await expect(() => repairToLoss(models.pop()!, maskOf(one), { samples })).toLeaveNoTensors()
  })

  it('hardly looks at a class that the loss gives hardly any weight', async () => {
    const kernel = async (weights: number[], factor: number) => {
      const model = modelOf(one)
      const xs = samples.xs.map((row, i) =>
        samples.ys[i] === 2 ? row.map((value) => factor * value) : row,
      )
      const loss = weightedCrossentropy({ weights })
      await repairToLoss(model, maskOf(one), { samples: { xs, ys: samples.ys, loss } })
      const values = await readWeights(model)
      model.dispose()
      return values['first/kernel']!
    }
    expectNear(await kernel([1, 1, 1e-9], 3), await kernel([1, 1, 1e-9], 1), 1e-5)
    expect(await kernel([1, 1, 1], 3)).not.toEqual(await kernel([1, 1, 1], 1))
  })
})

/** A depthwise convolution, a recurrent layer and a dense one, of which a part is pruned. */
function mixed(): LayersModel {
  const all = [
    layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 2, inputShape: [4, 4, 2] }),
    layers.reshape({ targetShape: [3, 6] }),
    layers.lstm({ name: 'memory', units: 3, recurrentInitializer: 'glorotUniform' }),
    layers.dense({ name: 'out', units: 2 }),
  ]
  return fillWeights(sequential({ layers: all }), 5)
}

// Stock wasm has no gradient of a depthwise kernel.
test.skipIf(!onCpu)(
  'repairToLoss repairs depthwise and recurrent layers, from a dataset too',
  async () => {
    const xs = tensor(randomValues(12 * 32, 6), [12, 4, 4, 2])
    const ys = Int32Array.from({ length: 12 }, (_, i) => i % 2)
    const results: WeightValues[] = []
    const batches = async function* () {
      for (let i = 0; i < 12; i += 4)
        yield { xs: slice(xs, i, 4), ys: tensor(ys.slice(i, i + 4), [4], 'int32') }
    }
    const dataset = { iterator: async () => batches() }
    for (const samples of [{ xs, ys, batchSize: 4 }, dataset as never]) {
      const model = mixed()
      const mask = await computeMask(model, { density: 0.5 })
      const masked = new Set(mask.weights.map(({ name }) => name))
      expect(masked).toContain('depthwise/depthwise_kernel')
      expect(masked).toContain('memory/kernel')
      const before = await readWeights(model)
      const { riseBefore, riseAfter } = await repairToLoss(model, mask, { samples })
      expect(riseAfter).toBeLessThan(riseBefore)
      const after = await readWeights(model)
      for (const { name, values } of mask.weights) {
        const moved = after[name]!.filter(
          (value, i) => values[i] === 1 && value !== before[name]![i],
        )
        expect(moved.length, name).toBeGreaterThan(0)
      }
      results.push(after)
      model.dispose()
    }
    for (const [name, values] of Object.entries(results[0]!))
      expectNear(results[1]![name]!, values, 1e-5)
    xs.dispose()
  },
)

test('repairToLoss brings the loss of a network with inputs that repeat back', async () => {
  // Each input stands there twice: the second can do the work of the first.
  const model = sequential({
    layers: [layers.dense({ name: 'out', units: 1, activation: 'sigmoid', inputShape: [4] })],
  })
  fillWeights(model, 2)
  const out = model.getWeights()[0]!.dataSync()
  const rows = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
  const xs = rows.map(([a, b]) => [a!, a!, b!, b!])
  const place = { name: 'out/kernel', layer: 'out', role: 'kernel', shape: [4, 1] }
  const mask = createMask([{ ...place, values: Uint8Array.from([0, 1, 1, 0]) }], 5)
  await repairToLoss(model, mask, {
    samples: { xs, ys: rows.map(([a]) => Number(a! > 0)) },
    damping: 1e-4,
  })
  expectNear(model.getWeights()[0]!.dataSync(), [0, out[0]! + out[1]!, out[2]! + out[3]!, 0], 1e-2)
  model.dispose()
})

describe('repairToLoss leaves the model as it was and refuses', () => {
  const cases: Record<string, [Partial<RepairToLossOptions>, RegExp]> = {
    'a negative damping': [{ damping: -1 }, /expected damping to be a finite number of at least 0/],
    'a misspelt option': [{ dampning: 1 } as never, /got dampning: did you mean damping\?/],
    'no samples': [{ samples: undefined as never }, /^Cannot .*expected samples/],
    'samples of another shape': [
      { samples: { xs: [[1, 2]], ys: [0] } },
      /^Cannot gather statistics/,
    ],
    'labels that are no class': [{ samples: { ...samples, ys: samples.ys.map(() => 7) } }, /7/],
    'equal batches without damping': [
      { samples: { xs: [samples.xs[0]!, samples.xs[0]!], ys: [0, 0] }, damping: 0 },
      /expected a higher damping, got a singular matrix of the gradients of 2 batches/,
    ],
    'a loss that hangs on nothing': [
      { samples: { ...samples, loss: () => scalar(0) } },
      /expected a loss that depends on the weights that stay, got gradients of 0/,
    ],
    'a loss of pairs, of one sample each': [
      { samples: { ...samples, loss: aucPairwise({ positiveClass: 1 }) } },
      /got gradients of 0: a loss of pairs needs a batchSize/,
    ],
    'a loss for each sample': [
      { samples: { ...samples, loss: (_, logits) => mean(logits, 1) as Scalar } },
      /^Cannot repair to the loss: expected the loss to return a scalar, got shape \[1\]/,
    ],
    'gradients that are not finite': [
      {
        samples: {
          ...samples,
          loss: (_, logits) => mul(mean(logits), Number.POSITIVE_INFINITY),
        },
      },
      /expected finite gradients/,
    ],
    'a progress that answers with a promise': [{ onProgress: async () => {} }, /onProgress/],
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const [options, message] = cases[name]!
    const model = modelOf(one)
    const before = await readWeights(model)
    const tensors = memory().numTensors
    await expect(repairToLoss(model, maskOf(one), { samples, ...options })).rejects.toThrow(message)
    expect(await readWeights(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    model.dispose()
  })

  it('an abort at a batch', async () => {
    const model = modelOf(one)
    const before = await readWeights(model)
    const stop = new AbortController()
    const options = { samples, onProgress: () => stop.abort(), signal: stop.signal }
    await expect(repairToLoss(model, maskOf(one), options)).rejects.toThrow('aborted')
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })

  it('weights that change meanwhile', async () => {
    const model = modelOf(one)
    const masked = modelOf(one)
    applyMask(masked, maskOf(one))
    const onProgress = () => applyMask(model, maskOf(one))
    await expect(repairToLoss(model, maskOf(one), { samples, onProgress })).rejects.toThrow(
      'expected weights that stay as they are meanwhile, got other values in first/kernel',
    )
    expect(await readWeights(model), 'as it was written').toEqual(await readWeights(masked))
    for (const each of [model, masked]) each.dispose()
  })

  it('a model that is pruned already', async () => {
    const model = modelOf(one)
    await repairToLoss(model, maskOf(one), { samples })
    await expect(repairToLoss(model, maskOf(one), { samples })).rejects.toThrow(
      'Cannot repair to the loss: expected the weights from before the mask, got 0 wherever',
    )
    model.dispose()
  })

  it('a loss that throws within a gradient, and leaves no tensor', async () => {
    const model = modelOf(one)
    const tensors = memory().numTensors
    const loss = (_: Tensor, logits: Tensor) => {
      if (mean(square(logits)).dataSync()[0]! >= 0) throw new Error('no such loss')
      return mean<Scalar>(logits)
    }
    const repaired = repairToLoss(model, maskOf(one), { samples: { ...samples, loss } })
    await expect(repaired).rejects.toThrow('no such loss')
    expect(memory().numTensors).toBe(tensors)
    model.dispose()
  })
})
