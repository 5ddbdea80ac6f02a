import { fill, memory, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  type DatasetData,
  repairToLoss,
  repairVariance,
  repairWeights,
  type ScoringSamples,
} from 'tfjs-prune'
import { describe, expect, it, test } from 'vitest'
import { readWeights } from '../../src/internal/weight-values.js'
import golden from '../golden/repair.json' with { type: 'json' }
import { lateRefusalOf } from '../support/refusal-of.js'
import { maskOf, modelOf, samplesOf } from './support.js'

interface Options {
  readonly samples: ScoringSamples
  readonly damping?: number
  readonly onProgress?: () => void
  readonly signal?: AbortSignal
}
type Repair = (model: LayersModel, options: Options) => Promise<unknown>

const one = golden.cases[1]!
const mask = maskOf(one)
const samples = samplesOf(one)
const repairs: Record<string, Repair> = {
  repairWeights: (model, options) => repairWeights(model, mask, options),
  "repairWeights, inputs: 'dense'": (model, options) =>
    repairWeights(model, mask, { ...options, inputs: 'dense' }),
  repairVariance: (model, { damping: _, ...options }) => repairVariance(model, mask, options),
  repairToLoss: (model, options) => repairToLoss(model, mask, options),
}
const damped = Object.keys(repairs).filter((name) => name !== 'repairVariance')

/** A dataset of batches of 10 samples, which tells each batch that is read. */
function datasetOf(onRead: (batch: number) => void, iterations = Infinity): DatasetData {
  let [left, read] = [iterations, 0]
  async function* batches() {
    if (left-- <= 0) return
    for (let start = 0; start < samples.xs.length; start += 10) {
      onRead(++read)
      const xs = tensor2d(samples.xs.slice(start, start + 10))
      yield { xs, ys: tensor2d(samples.ys.slice(start, start + 10), [xs.shape[0], 1]) }
    }
  }
  return { iterator: async () => batches() }
}

describe.each(Object.keys(repairs))('%s', (name) => {
  const repair = repairs[name]!

  it.each([{}, { samples: undefined }, { samples: 3 }])('names the samples %j', async (options) => {
    const model = modelOf(one)
    const task = 'repair (the weights|the variance|to the loss)'
    expect(await lateRefusalOf(() => repair(model, options as never))).toMatch(
      new RegExp(
        `^TypeError: Cannot ${task}: expected samples as { xs, ys } or a dataset, got (undefined|3)$`,
      ),
    )
    model.dispose()
  })

  it('obeys a signal in the first reading of a dataset', async () => {
    const model = modelOf(one)
    const before = await readWeights(model)
    const tensors = memory().numTensors
    const stop = new AbortController()
    let read = 0
    const onRead = (batch: number) => {
      read = batch
      if (batch === 2) stop.abort()
    }
    const work = () => repair(model, { samples: datasetOf(onRead), signal: stop.signal })
    await expect(work()).rejects.toThrow('aborted')
    expect(read).toBe(2)
    expect(await readWeights(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    model.dispose()
  })

  it('obeys a signal in each later reading', async () => {
    const model = modelOf(one)
    let all = 0
    await repair(model, {
      samples: datasetOf((batch) => {
        all = batch
      }),
    })
    model.dispose()
    const batches = Math.ceil(samples.xs.length / 10)
    expect(all).toBeGreaterThanOrEqual(2 * batches)
    for (let last = 2; last < all; last += batches) {
      const other = modelOf(one)
      const stop = new AbortController()
      let read = 0
      const onRead = (batch: number) => {
        read = batch
        if (batch === last) stop.abort()
      }
      const work = () => repair(other, { samples: datasetOf(onRead), signal: stop.signal })
      await expect(work()).rejects.toThrow('aborted')
      expect(read).toBe(last)
      other.dispose()
    }
  })

  it('reads a dataset for its labels once', async () => {
    const model = modelOf(one)
    let read = 0
    const passes = { repairWeights: 2, "repairWeights, inputs: 'dense'": 1, repairVariance: 3 }
    await repair(model, { samples: datasetOf(() => void read++) })
    const batches = Math.ceil(samples.xs.length / 10)
    expect(read / batches).toBe(1 + (passes[name as keyof typeof passes] ?? 1))
    model.dispose()
  })

  it('names a dataset that cannot be read again', async () => {
    const model = modelOf(one)
    const before = await readWeights(model)
    const work = () => repair(model, { samples: datasetOf(() => {}, 1) })
    expect(await lateRefusalOf(work)).toMatch(
      /^RangeError: Cannot gather statistics: expected (a dataset that gives the same samples in each reading|at least one batch, got none: each call)/,
    )
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })

  it('refuses weights that someone writes meanwhile, at whatever batch', async () => {
    const counted = modelOf(one)
    let all = 0
    await repair(counted, {
      samples: { ...samples, batchSize: Math.ceil(samples.xs.length / 2) },
      onProgress: () => void all++,
    })
    counted.dispose()
    for (let at = 1; at <= all; at++) {
      const model = modelOf(one)
      let batch = 0
      const onProgress = () => {
        if (++batch !== at) return
        tidy(() => model.setWeights(model.getWeights().map(({ shape }) => fill(shape, 0.5))))
      }
      const work = () =>
        repair(model, {
          samples: { ...samples, batchSize: Math.ceil(samples.xs.length / 2) },
          onProgress,
        })
      expect(await lateRefusalOf(work), `at batch ${at}`).toMatch(
        /expected weights that stay as they are meanwhile, got other values in /,
      )
      const theirs = Object.values(await readWeights(model)).flatMap((values) => [...values])
      expect(new Set(theirs), 'their values stay').toEqual(new Set([0.5]))
      model.dispose()
    }
  })
})

describe.each(damped)('%s with a high damping', (name) => {
  it.each([1e20, 1e100])('leaves the kept weights with a damping of %d', async (damping) => {
    const model = modelOf(one)
    const before = await readWeights(model)
    await repairs[name]!(model, { samples, damping })
    const after = await readWeights(model)
    for (const masked of mask.weights) {
      const wanted = before[masked.name]!.map((value, i) => value * masked.values[i]!)
      const off = Math.max(...after[masked.name]!.map((value, i) => Math.abs(value - wanted[i]!)))
      expect(off).toBeLessThan(1e-6)
    }
    model.dispose()
  })

  it.each([1e150, 1e308, Number.MAX_VALUE])('refuses a damping of %d', async (damping) => {
    const model = modelOf(one)
    const before = await readWeights(model)
    expect(await lateRefusalOf(() => repairs[name]!(model, { samples, damping }))).toMatch(
      /^RangeError: Cannot repair .+: expected a lower damping, got /,
    )
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })
})

test.each([repairWeights, repairToLoss])(
  '$name takes a damping that is inherited',
  async (repair) => {
    const after = async (options: { readonly samples: ScoringSamples }) => {
      const model = modelOf(one)
      await repair(model, mask, options)
      const values = await readWeights(model)
      model.dispose()
      return values
    }
    const inherited = await after(Object.create({ samples, damping: 3 }))
    expect(inherited).toEqual(await after({ samples, ...{ damping: 3 } }))
  },
)

test('repairWeights refuses inputs whose squares are not finite', async () => {
  for (const inputs of ['repaired', 'dense'] as const) {
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
    const half = await computeMask(model, { density: 0.5 })
    const large = {
      xs: [
        [1e30, 1],
        [2, 1e30],
      ],
      ys: [0, 1],
    }
    const work = () => repairWeights(model, half, { samples: large, inputs })
    expect(await lateRefusalOf(work)).toMatch(/^RangeError: Cannot .+ finite/)
    model.dispose()
  }
})

test('repairVariance says NaN where no unit had any spread, and keeps the kernel', async () => {
  const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] })
  const half = await computeMask(model, { density: 0.5 })
  const kernel = model.getWeights()[0]!.dataSync().slice()
  const rows = Array.from({ length: 70 }, () => [0.1, 0.7, -0.3, 1 / 3])
  const { weights } = await repairVariance(model, half, {
    samples: { xs: rows, ys: rows.map(() => 0) },
  })
  expect(weights[0]).toMatchObject({ deviationLeft: Number.NaN, deadUnits: 0, hasBias: true })
  const kept = half.weights[0]!.values
  expect([...model.getWeights()[0]!.dataSync()]).toEqual(
    [...kernel].map((v, i) => (kept[i] ? v : 0)),
  )
  model.dispose()
})

test('repairVariance takes no rounding of sums for spread', async () => {
  const [masking, dense] = [
    layers.masking({ inputShape: [2, 4] }),
    layers.dense({ units: 30, kernelInitializer: 'heNormal' }),
  ]
  const model = sequential({ layers: [masking, dense] })
  const half = await computeMask(model, { density: 0.5 })
  const xs = Array.from({ length: 77 }, () => Array(2).fill([0.1, 0.7, -0.3, 1 / 3]))
  const { weights } = await repairVariance(model, half, { samples: { xs, ys: xs.map(() => 0) } })
  expect(weights[0]).toMatchObject({ deviationLeft: Number.NaN, deadUnits: 0 })
  model.dispose()
})
