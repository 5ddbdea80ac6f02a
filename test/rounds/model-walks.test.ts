import { applyTrained, computeMask, prune, pruneWeights, rewindTo } from 'tfjs-prune'
import { expect, test, vi } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { selectAmong } from '../../src/select/select-weights.js'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'

vi.mock('../../src/internal/model-weights.js', async (original) => {
  const actual = await original<typeof import('../../src/internal/model-weights.js')>()
  return { ...actual, modelWeights: vi.fn(actual.modelWeights) }
})
vi.mock('../../src/select/select-weights.js', async (original) => {
  const actual = await original<typeof import('../../src/select/select-weights.js')>()
  return { ...actual, selectAmong: vi.fn(actual.selectAmong) }
})

/** A model whose making is not counted. */
function freshNetwork() {
  const model = smallNetwork()
  vi.clearAllMocks()
  return model
}

/** How often the weights of a model were listed, and how often they were selected. */
const walks = () => [modelWeights, selectAmong].map((walk) => vi.mocked(walk).mock.calls.length)

test.each([
  [[1, 0.5], {}],
  [[1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05], {}],
  [[1, 0.5, 0.25, 0.1], { rewind: rewindTo({ epoch: 1 }) }],
])('prune lists and selects the weights of a model once, for %j', async (schedule, options) => {
  const [data, model] = [imbalancedSamples(), freshNetwork()]
  const { rounds } = await prune(model, quickRun(data, { schedule, ...options }))
  expect(rounds.length).toBe(schedule.length)
  expect(walks()).toEqual([1, 1])
  data.xs.dispose()
  model.dispose()
})

test('functions for one model alone list its weights once a call', async () => {
  const model = freshNetwork()
  await computeMask(model, { density: 0.5 })
  expect(walks()).toEqual([1, 1])
  await pruneWeights(model, { density: 0.5 })
  expect(walks()).toEqual([2, 2])
  model.dispose()
})

test('applyTrained lists the weights of a model once', async () => {
  const [data, model] = [imbalancedSamples(), freshNetwork()]
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5] }))
  const [before] = walks()
  applyTrained(model, rounds[1]!)
  expect(walks()[0]).toBe(before! + 1)
  data.xs.dispose()
  model.dispose()
})
