import { train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, type PruneOptions, prune } from 'tfjs-prune'
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
