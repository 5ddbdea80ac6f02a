import { memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { computeMask } from '../../src/compute-mask.js'
import type { Criterion, ScoredWeight } from '../../src/types.js'
import { smallModel } from '../support/small-models.js'
import { bitsOf, randomValues } from '../support/weights.js'
import { conformance, type Law } from './laws.js'

const SHAPES = [[1], [7], [3, 4], [2, 3, 2], [2, 2, 3, 2], [2, 1, 2, 1, 3]]
// Zeros of both signs, denormals, the smallest normal number, large and very large numbers.
const AWKWARD = [0, -0, 1e-45, -1e-40, 1.17549435e-38, 1, -1, 1e6, -1e19, 1e30]

/** Runs the contract of a criterion over one member: `make` makes it anew. */
export function criterionConformance(name: string, make: () => Criterion): void {
  conformance(name, criterionLaws, make)
}

function weightOf(shape: readonly number[], initial: Float32Array, final: Float32Array, round = 1): ScoredWeight {
  const like = (values: Float32Array) => tensor(values, [...shape])
  const mask = like(Float32Array.from(final, (_, i) => Number(i % 3 !== 1)))
  const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round }
  return { ...place, initial: like(initial), final: like(final), mask }
}

const tensorsOf = ({ initial, final, mask }: ScoredWeight): Tensor[] => [initial, final, mask]

/** Calls `use` with a weight of random values and disposes it. */
function withWeight<T>(shape: readonly number[], use: (weight: ScoredWeight) => T): T {
  const size = shape.reduce((product, side) => product * side, 1)
  const weight = weightOf(shape, randomValues(size, 1), randomValues(size, 2))
  try {
    return use(weight)
  } finally {
    for (const one of tensorsOf(weight)) one.dispose()
  }
}

const scoresOf = (criterion: Criterion, weight: ScoredWeight) =>
  tidy(() => (criterion(weight).dataSync() as Float32Array).slice())

/** The laws, for those who test the suite itself. */
export const criterionLaws: readonly Law<Criterion>[] = [
  {
    law: 'returns a float32 tensor of the shape of the weight',
    check: (make) => {
      for (const shape of SHAPES) {
        const [dtype, got] = withWeight(shape, (weight) => {
          const scores = tidy(() => make()(weight).clone())
          scores.dispose()
          return [scores.dtype, scores.shape]
        })
        expect(dtype).toBe('float32')
        expect(got).toEqual(shape)
      }
    },
  },
  {
    law: 'gives finite scores to zeros, denormals and large values',
    check: (make) => {
      for (const initial of [AWKWARD, AWKWARD.toReversed()]) {
        const weight = weightOf([AWKWARD.length], Float32Array.from(initial), Float32Array.from(AWKWARD))
        expect(scoresOf(make(), weight).every(Number.isFinite)).toBe(true)
        for (const one of tensorsOf(weight)) one.dispose()
      }
    },
  },
  {
    law: 'gives the same scores again, also when it is made again',
    check: (make) => {
      const criterion = make()
      const [first, second, third] = withWeight([5, 6], (weight) => {
        return [scoresOf(criterion, weight), scoresOf(criterion, weight), scoresOf(make(), weight)]
      })
      expect(second).toEqual(first)
      expect(third).toEqual(first)
    },
  },
  {
    law: 'tells the elements of a trained weight apart',
    check: (make) => {
      const scores = withWeight([8, 8], (weight) => scoresOf(make(), weight))
      expect(new Set(scores).size).toBeGreaterThan(32)
    },
  },
  {
    law: 'disposes no tensor that it is shown and changes no value of it',
    check: (make) => {
      withWeight([3, 4], (weight) => {
        const before = tensorsOf(weight).map(bitsOf)
        scoresOf(make(), weight)
        expect(tensorsOf(weight).map(({ isDisposed }) => isDisposed)).toEqual([false, false, false])
        expect(tensorsOf(weight).map(bitsOf)).toEqual(before)
      })
    },
  },
  {
    law: 'leaves no tensor behind',
    check: (make) => {
      const criterion = make()
      withWeight([3, 4], (weight) => scoresOf(criterion, weight))
      const before = memory().numTensors
      withWeight([3, 4], (weight) => scoresOf(criterion, weight))
      expect(memory().numTensors - before).toBe(0)
    },
  },
  {
    law: 'makes a mask of exactly k weights',
    check: async (make) => {
      const model = smallModel(1)
      const initial = { 'hidden/kernel': randomValues(24, 5), 'out/kernel': randomValues(12, 6) }
      const half = await computeMask(model, { density: 0.5, criterion: make(), initial })
      const quarter = await computeMask(model, { density: 0.25, criterion: make(), initial, previous: half, round: 2 })
      expect([half, quarter].map((mask) => mask.weights.map(({ kept }) => kept))).toEqual([
        [12, 6],
        [6, 3],
      ])
      model.dispose()
    },
  },
]
