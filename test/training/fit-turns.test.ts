import { train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, type PruneOptions, prune } from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const data = {
  xs: Array.from({ length: 16 }, (_, i) => [i % 2, i / 16, 1, 0]),
  ys: Int32Array.from({ length: 16 }, (_, i) => i % 2),
}

// A clock that goes on by 10 ms each time it is read, so that no wait depends on the machine.
beforeEach(() => {
  let time = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 10
    return time
  })
})
afterEach(() => vi.restoreAllMocks())

/** Runs with a signal that a timer aborts after 50 epochs; counts the epochs until it is heard. */
async function epochsUntilAborted(options: Partial<PruneOptions>, epochs: number): Promise<number> {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
  const abort = new AbortController()
  let finished = 0
  const run = prune(model, {
    train: fit(data, { optimizer: () => train.sgd(0.01), epochs }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    signal: abort.signal,
    onProgress: ({ kind }) => {
      if (kind !== 'epoch-finished') return
      finished++
      if (finished === 50) setTimeout(() => abort.abort(), 0)
    },
    ...options,
  })
  await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  model.dispose()
  return finished
}

test('fit hears a timer that aborts while its epochs are short', async () => {
  expect(await epochsUntilAborted({}, 2_000)).toBeLessThan(2_000)
})

test('prune hears a timer that aborts while its rounds are short', async () => {
  const schedule = () => 1
  const finished = await epochsUntilAborted(
    { schedule: Object.assign(schedule, { rounds: 500 }) },
    1,
  )
  expect(finished).toBeLessThan(500)
})

/** Inputs whose forward pass the caller counts: each batch of one sample calls `seen`. */
function countingModel(seen: () => void) {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
  const predict = model.predict.bind(model)
  model.predict = (...given) => {
    seen()
    return predict(...given)
  }
  return model
}

test.each([
  ['evaluateOn', 'evaluate'],
  ['the best epoch', 'best'],
] as const)('an abort in the middle of %s is heard before its next batch', async (_, place) => {
  let batches = 0
  const abort = new AbortController()
  const model = countingModel(() => {
    batches++
    // The first forward pass is the check before round 0.
    if (batches === 3) abort.abort()
  })
  const evaluate = evaluateOn(data, { positiveClass: 1, batchSize: 1 })
  const best = { evaluate, metric: () => 1, direction: 'maximise' } as const
  const run = prune(model, {
    train: fit(data, {
      ...{ optimizer: () => train.sgd(0.01), epochs: 1 },
      ...(place === 'best' && { best }),
    }),
    evaluate,
    signal: abort.signal,
  })
  await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(batches).toBe(3)
  model.dispose()
})

test('certify hears an abort in the middle of a level, and gives the model its own weights', async () => {
  let batches = 0
  const abort = new AbortController()
  const model = countingModel(() => {
    batches++
    if (batches === 100) abort.abort()
  })
  const evaluate = evaluateOn(data, { positiveClass: 1 })
  const optimizer = () => train.sgd(0.01)
  const { rounds } = await prune(model, {
    ...{ train: fit(data, { optimizer, epochs: 1 }), evaluate, schedule: [1, 0.5] },
  })
  batches = 0
  const own = model.getWeights().map((weight) => weight.arraySync())
  const calibration = {
    xs: Array.from({ length: 200 }, (_, i) => [i % 2, i / 200, 1, 0]),
    ys: Int32Array.from({ length: 200 }, (_, i) => i % 2),
  }
  const rates = { maximumFalseNegativeRate: 0.1, maximumFalsePositiveRate: 0.9, confidence: 0.9 }
  const { signal } = abort
  const options = { model, calibration, positiveClass: 1, ...rates, batchSize: 1, signal }
  await expect(certify(rounds, options)).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  )
  expect(batches).toBe(100)
  expect(model.getWeights().map((weight) => weight.arraySync())).toEqual(own)
  model.dispose()
})
