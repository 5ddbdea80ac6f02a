import { dispose, mul, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  magnitude,
  type PruneOptions,
  type PruningEvent,
  rewindToInitial,
  type Teacher,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { type ContextSources, openContext } from '../../src/rounds/training-context.js'
import { forEachTest } from '../support/for-each-test.js'
import { failedRun, quickRun, type Samples } from './support.js'

let data: Samples
let model: LayersModel
forEachTest(24, (...own) => {
  ;[data, model] = own
})

describe('prune with other parts that throw', () => {
  test('prune passes on what the evaluation throws', async () => {
    const error = new Error('no validation data')
    const parts = quickRun(data, {})
    let calls = 0
    const evaluate: PruneOptions['evaluate'] = (of) => {
      if (++calls === 2) throw error
      return parts.evaluate(of)
    }
    expect(await failedRun(data, model, { evaluate })).toEqual({ thrown: error, leaked: 0 })
  })

  test('prune gives a model back as it was where the first evaluation changes it and throws', async () => {
    const error = new Error('no validation data')
    const evaluate = (given: LayersModel): never => {
      const doubled = given.getWeights().map((weight) => mul(weight, 2))
      given.setWeights(doubled)
      dispose(doubled)
      throw error
    }
    expect(await failedRun(data, model, { evaluate })).toEqual({ thrown: error, leaked: 0 })
  })

  test('prune closes the teacher of a round whose movement cannot be gathered', async () => {
    const error = new Error('no room for sums')
    let [opened, closed] = [0, 0]
    const teacher = { weight: 0.5, temperature: 1, logits: () => [] } as unknown as Teacher
    const teach = {
      open: () => ({
        description: 'a test',
        teacher: () => {
          opened++
          return { teacher, close: () => void closed++ }
        },
      }),
    }
    const movement = () => {
      if (opened > 0) throw error
      return undefined
    }
    const gather = Object.assign(async () => ({ of: () => ({}), dispose: () => {} }), { movement })
    const criterion = Object.assign(magnitude(), { gather }) as unknown as Criterion
    expect(await failedRun(data, model, { criterion, teach })).toEqual({ thrown: error, leaked: 0 })
    expect([opened, closed]).toEqual([1, 1])
  })

  test('openContext disposes sums of movement that cannot go on from a state', () => {
    let disposed = 0
    const movement = {
      restore: () => {
        throw new RangeError('other sums')
      },
      dispose: () => void disposed++,
    }
    const sources = { movement, point: { movement: {} } } as unknown as ContextSources
    expect(() => openContext(sources)).toThrow('other sums')
    expect(disposed).toBe(1)
  })

  test('prune passes on what onProgress throws', async () => {
    for (const kind of ['round-started', 'epoch-finished', 'round-finished'] as const) {
      const error = new Error(kind)
      const onProgress = (event: PruningEvent) => {
        if (event.kind === kind && (kind === 'round-started' ? event.round === 1 : true))
          throw error
      }
      expect(await failedRun(data, model, { onProgress })).toEqual({ thrown: error, leaked: 0 })
    }
  })

  test('prune passes on what a rewinder throws half way through the weights', async () => {
    const error = new Error('no rewinding today')
    const weights = ({ name, initial }: { name: string; initial: Tensor }) => {
      if (name === 'middle/bias') throw error
      return initial
    }
    expect(await failedRun(data, model, { rewind: { ...rewindToInitial(), weights } })).toEqual({
      thrown: error,
      leaked: 0,
    })
  })

  test.each<[string, Criterion, string]>([
    [
      'another shape',
      () => tensor([1, 2]),
      'TypeError: Cannot score hidden/kernel: expected the criterion to return shape [6, 12], got [2]',
    ],
    [
      'int32',
      ({ final }) => tensor(new Int32Array(final.size), final.shape),
      'TypeError: Cannot score hidden/kernel: expected the criterion to return float32, got int32',
    ],
    [
      'a number',
      () => 1 as unknown as Tensor,
      'TypeError: Cannot score hidden/kernel: expected the criterion to return a tensor, got 1',
    ],
    [
      'nothing',
      () => undefined as unknown as Tensor,
      'TypeError: Cannot score hidden/kernel: expected the criterion to return a tensor, got undefined',
    ],
    [
      'a promise',
      (async () => tensor([1])) as unknown as Criterion,
      'TypeError: Cannot score hidden/kernel: expected the criterion to return a tensor, got a promise',
    ],
    [
      'NaN',
      ({ final }) => tensor(new Float32Array(final.size).fill(Number.NaN), final.shape),
      'RangeError: Cannot score hidden/kernel: expected finite scores, got NaN at index 0',
    ],
  ])('prune rejects a criterion that returns %s', async (_what, criterion, message) => {
    const { thrown, leaked } = await failedRun(data, model, { criterion })
    expect(String(thrown)).toBe(message)
    expect(leaked).toBe(0)
  })

  test('prune ignores scores of weights that are pruned already', async () => {
    const criterion: Criterion = (weight) => {
      const scores = magnitude()(weight)
      const [values, mask] = [scores.dataSync(), weight.mask.dataSync()]
      return tensor(
        values.map((value, i) => (mask[i] === 0 ? Number.NaN : value)) as Float32Array,
        weight.final.shape,
      )
    }
    expect(await failedRun(data, model, { criterion })).toEqual({ thrown: undefined, leaked: 0 })
  })

  test('prune names a weight that training made infinite', async () => {
    const { thrown, leaked } = await failedRun(data, model, {
      criterion: magnitude(),
      train: ({ model: trained, round }) => {
        if (round !== 1) return
        const [kernel, ...others] = trained.getWeights()
        const values = kernel!.dataSync().slice().fill(Number.POSITIVE_INFINITY, 5, 6)
        const broken = tensor(values, kernel!.shape)
        trained.setWeights([broken, ...others])
        broken.dispose()
      },
    })
    expect(String(thrown)).toBe(
      'RangeError: Cannot prune: expected finite weights after the training of round 1, got Infinity in hidden/kernel at index 5',
    )
    expect(leaked).toBe(0)
  })

  test('prune rejects an evaluation without a number, before it trains', async () => {
    const train = () => expect.unreachable('nothing is trained')
    const evaluate = () => ({ verdict: 'good' }) as never
    const { thrown } = await failedRun(data, model, { evaluate, train })
    expect(String(thrown)).toBe(
      'TypeError: Cannot prune: expected evaluate to return an object with a number to watch, got object',
    )
  })
})
