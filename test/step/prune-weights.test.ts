import { abs, add, memory, type Scalar, sub } from '@tensorflow/tfjs-core'
import {
  type Criterion,
  computeMask,
  fineTune,
  prune,
  pruneWeights,
  type ScoredWeight,
} from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { weightsByName } from '../support/weights.js'

/** Adds 1 to what stays, and to what goes, which must not show. */
const adding: Criterion = Object.assign(({ final }: ScoredWeight) => abs(final), {
  compensate: ({ final }: ScoredWeight) => add(final, 1 as unknown as Scalar),
})

describe('pruneWeights', () => {
  it('pruneWeights gives the model what computeMask and applyMask do, and other weights stay', async () => {
    const model = smallModel()
    const before = weightsByName(model)
    const expected = await computeMask(model, { density: 0.5 })
    const mask = await pruneWeights(model, { density: 0.5 })
    expect(mask).toEqual(expected)
    const after = weightsByName(model)
    for (const { name, values } of mask.weights) {
      expect(after[name]).toEqual(before[name]!.map((value, i) => (values[i] ? value : 0)))
    }
    expect(after['hidden/bias']).toEqual(before['hidden/bias'])
  })

  it('pruneWeights lets a criterion make up for what it prunes', async () => {
    const model = smallModel()
    const before = weightsByName(model)
    const mask = await pruneWeights(model, { density: 0.5, criterion: adding })
    const after = weightsByName(model)
    for (const { name, values } of mask.weights) {
      expect(after[name]).toEqual(
        before[name]!.map((value, i) => (values[i] ? Math.fround(value + 1) : 0)),
      )
    }
  })

  it('pruneWeights leaves no tensor and, where it fails, the weights as they were', async () => {
    const model = smallModel()
    await expect(() => pruneWeights(model, { density: 0.5, criterion: adding })).toLeaveNoTensors()
    const before = [weightBits(model), memory().numTensors]
    const refusals: [object, RegExp][] = [
      [
        { compensate: () => 3 },
        /^TypeError: Cannot compensate hidden\/kernel: expected the criterion to return a tensor, got 3$/,
      ],
      [
        { compensate: ({ final }: ScoredWeight) => sub(final, Number.POSITIVE_INFINITY) },
        /^RangeError: Cannot score hidden\/kernel: expected finite compensated weights, got -Infinity/,
      ],
      [{ compensate: 4 }, /^TypeError: Cannot score: expected a function as compensate, got 4$/],
      [
        { compensate: () => 3, steps: 2 },
        /^RangeError: Cannot score: expected one step and trained weights of a criterion that compensates, got 2 steps and trained ones$/,
      ],
    ]
    for (const [parts, message] of refusals) {
      const criterion = Object.assign(({ final }: ScoredWeight) => abs(final), parts) as Criterion
      expect(await lateRefusalOf(() => pruneWeights(model, { density: 0.25, criterion }))).toMatch(
        message,
      )
    }
    expect(
      await lateRefusalOf(() => pruneWeights(model, { density: 0.5, kept: 3 } as never)),
    ).toMatch(/got kept$/)
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })
})

describe('prune with a criterion that compensates', () => {
  it('prune retrains from the compensated weights where the rewinder starts from trained ones', async () => {
    const data = imbalancedSamples(20)
    const model = smallNetwork()
    const base = { ...quickRun(data, { schedule: [1, 0.5] }), rewind: fineTune() }
    const run = { ...base, train: () => {} }
    const start = weightsByName(model)
    const { rounds } = await prune(model, { ...run, criterion: adding })
    const [name, values] = [rounds[1]!.mask.weights[0]!.name, rounds[1]!.mask.weights[0]!.values]
    const kept = start[name]!.filter((_, i) => values[i] === 1).map((value) =>
      Math.fround(value + 1),
    )
    expect([...rounds[1]!.trained[name]!]).toEqual([...kept])
    data.xs.dispose()
  })
})
