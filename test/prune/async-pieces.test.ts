import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type PruneOptions, prune, type StoppingRule } from 'tfjs-prune'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

const unhandled: unknown[] = []
const hear = (reason: unknown) => void unhandled.push(reason)
const someTurns = () => new Promise((resolve) => setTimeout(resolve, 20))

let data: Samples
let model: LayersModel
beforeEach(() => {
  data = imbalancedSamples(24)
  model = smallNetwork()
  unhandled.length = 0
  process.on('unhandledRejection', hear)
})
afterEach(() => {
  process.off('unhandledRejection', hear)
  data.xs.dispose()
  model.dispose()
})

async function refusalOfRun(options: Partial<PruneOptions>): Promise<string> {
  const before = weightBits(model)
  const refusal = await lateRefusalOf(() => prune(model, quickRun(data, options)))
  await someTurns()
  expect(weightBits(model)).toEqual(before)
  return refusal
}

const failing = async () => Promise.reject(new Error('the page is gone'))
const late = async () => {}

describe('prune before training', () => {
  test.each([
    ['fails', failing],
    ['answers later', async () => ({ stop: false, reason: '', keep: 0 })],
  ])('prune refuses a stopping rule whose promise %s', async (_, rule) => {
    const stop = rule as unknown as StoppingRule
    expect(await refusalOfRun({ stop })).toBe(
      'TypeError: Cannot stop: expected the rule to return { stop, reason, keep }, got a promise',
    )
    expect(unhandled).toEqual([])
  })

  test.each([
    ['fails', failing],
    ['answers later', late],
  ])('prune refuses an onProgress whose promise %s', async (_, onProgress) => {
    expect(await refusalOfRun({ onProgress })).toBe(
      'TypeError: Cannot prune: expected onProgress to be a function that returns at once, got a promise',
    )
    expect(unhandled).toEqual([])
  })
})
