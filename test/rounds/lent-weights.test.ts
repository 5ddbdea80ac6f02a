import { magnitude, type PruneOptions, prune } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'

test('withDense refuses a second call while one is under way, and takes one after it', async () => {
  const [data, model] = [imbalancedSamples(), smallNetwork()]
  const seen: unknown[] = []
  const train: PruneOptions['train'] = async ({ round, withDense }) => {
    if (!withDense) return
    const before = weightBits(model)
    const first = withDense(async () => void seen.push(round))
    const second = await lateRefusalOf(() => withDense(async () => void seen.push('overlapping')))
    await first
    expect(weightBits(model)).toEqual(before)
    expect(second).toBe(
      'Error: Cannot lend the dense weights: expected one call of withDense at a time, ' +
        'got another while one is under way',
    )
    const failing = withDense(async () => Promise.reject(new Error('no data')))
    await expect(failing).rejects.toThrow('no data')
    expect(weightBits(model)).toEqual(before)
    await withDense(async () => void seen.push(round))
  }
  await prune(model, quickRun(data, { train, criterion: magnitude(), schedule: [1, 0.5] }))
  expect(seen).toEqual([1, 1])
})
