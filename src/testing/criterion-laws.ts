import { memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { computeMask } from '../compute-mask.js'
import { modelWeights } from '../internal/model-weights.js'
import { assignValues } from '../internal/weight-values.js'
import { checkScoring } from '../scoring/check-scoring.js'
import { isFromSamples, needsOf } from '../scoring/needs.js'
import type { Criterion, ScoredWeight, Statistic } from '../types.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { bitsOf, randomValues } from './random-values.js'

const SHAPES = [[1], [7], [3, 4], [2, 3, 2], [2, 2, 3, 2], [2, 1, 2, 1, 3]]
// Zeros of both signs, denormals, the smallest normal number, large and very large numbers.
const AWKWARD = [0, -0, 1e-45, -1e-40, 1.17549435e-38, 1, -1, 1e6, -1e19, 1e30]

/** A weight with the statistics that a criterion asks for, and no others, and all tensors that it is made of. */
interface Shown {
  readonly weight: ScoredWeight
  readonly tensors: readonly Tensor[]
}

function show(criterion: Criterion, shape: readonly number[], values: { initial: Float32Array; final: Float32Array }) {
  const tensors: Tensor[] = []
  const own = (one: Tensor) => {
    tensors.push(one)
    return one
  }
  const like = (numbers: Float32Array) => own(tensor(numbers, [...shape]))
  const mask = like(Float32Array.from(values.final, (_, i) => Number(i % 3 !== 1)))
  const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1 }
  const plain = { ...place, initial: like(values.initial), final: like(values.final), mask }
  const needs = needsOf(criterion)
  const statisticsOf = (index: number | undefined) => {
    const wanted = needs.filter((need) => need.class === index).map(({ statistic }) => statistic)
    return Object.fromEntries(wanted.map((name, i) => [name, own(statistic(name, shape, 10 * (index ?? -1) + i))]))
  }
  const classes = new Set(needs.flatMap((need) => need.class ?? []))
  const byClass = new Map([...classes].map((index) => [index, statisticsOf(index)]))
  const ofClass = (index: number): ScoredWeight => ({ ...plain, ...byClass.get(index) })
  const weight: ScoredWeight = { ...plain, ...statisticsOf(undefined), ...(byClass.size > 0 && { ofClass }) }
  return { weight, tensors }
}

/** Random numbers in [0, 1), in the shape that the library gathers a statistic in. */
function statistic(name: Statistic, shape: readonly number[], seed: number): Tensor {
  const inner = shape.slice(0, -1)
  const inputs = inner.reduce((product, side) => product * side, 1)
  const shapes: Partial<Record<Statistic, number[]>> = {
    inputNorm: [...inner, 1],
    inputProducts: [inputs, inputs],
    unitSaliency: [...inner.map(() => 1), shape.at(-1)!],
    zeroShare: [...inner.map(() => 1), shape.at(-1)!],
  }
  const own = shapes[name] ?? [...shape]
  return tensor(
    randomValues(
      own.reduce((product, side) => product * side, 1),
      100 + seed,
    ).map(Math.abs),
    own,
  )
}

/** Calls `use` with a weight of random values and disposes it. */
function withWeight<T>(criterion: Criterion, shape: readonly number[], use: (shown: Shown) => T): T {
  const size = shape.reduce((product, side) => product * side, 1)
  const shown = show(criterion, shape, { initial: randomValues(size, 1), final: randomValues(size, 2) })
  try {
    return use(shown)
  } finally {
    for (const one of shown.tensors) one.dispose()
  }
}

const scoresOf = (criterion: Criterion, { weight }: Shown) =>
  tidy(() => (criterion(weight).dataSync() as Float32Array).slice())

/** Dense `hidden` 4-6 (tanh) and `out` 6-2 with seeded values, none of them 0. */
function smallModel(): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 6, activation: 'tanh', inputShape: [4] })
  const model = sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 })] })
  modelWeights(model).forEach(({ variable }, i) => {
    assignValues(variable, randomValues(variable.size, 1 + i))
  })
  return model
}

/** What `computeMask` asks for beside the weights: samples of both classes, and movements. */
function materials(criterion: Criterion) {
  const statistics = needsOf(criterion)
  const xs = Array.from({ length: 10 }, (_, i) => [...randomValues(4, 50 + i)])
  const movement = { 'hidden/kernel': randomValues(24, 7), 'out/kernel': randomValues(12, 8) }
  return {
    ...(statistics.some(isFromSamples) && { samples: { xs, ys: xs.map((_, i) => i % 2), batchSize: 4 } }),
    ...(statistics.some(({ statistic }) => statistic === 'movement') && { movement }),
  }
}

/** The laws that hold for all criteria. */
const commonLaws: readonly Law<Criterion>[] = [
  {
    law: 'needs statistics that exist, at weights that exist, in whole steps',
    check: (make) => {
      const criterion = make()
      checkScoring(criterion)
      needsOf(criterion)
    },
  },
  {
    law: 'returns a float32 tensor of the shape of the weight',
    check: (make) => {
      for (const shape of SHAPES) {
        const criterion = make()
        const [dtype, got] = withWeight(criterion, shape, ({ weight }) => {
          const scores = tidy(() => criterion(weight).clone())
          scores.dispose()
          return [scores.dtype, scores.shape]
        })
        expectSame(dtype, 'float32', 'the dtype')
        expectSame(got, shape, 'the shape')
      }
    },
  },
  {
    law: 'gives finite scores to zeros, denormals and large values',
    check: (make) => {
      for (const initial of [AWKWARD, AWKWARD.toReversed()]) {
        const criterion = make()
        const values = { initial: Float32Array.from(initial), final: Float32Array.from(AWKWARD) }
        for (const shape of [[AWKWARD.length], [AWKWARD.length / 2, 2]]) {
          const shown = show(criterion, shape, values)
          const scores = scoresOf(criterion, shown)
          expectThat(scores.every(Number.isFinite), 'finite scores', Array.from(scores, String))
          for (const one of shown.tensors) one.dispose()
        }
      }
    },
  },
  {
    law: 'gives the same scores again, also when it is made again',
    check: (make) => {
      const criterion = make()
      const [first, second, third] = withWeight(criterion, [5, 6], (shown) => {
        return [scoresOf(criterion, shown), scoresOf(criterion, shown), scoresOf(make(), shown)]
      })
      expectSame(second, first, 'the scores of the second call')
      expectSame(third, first, 'the scores of a second one')
    },
  },
  {
    law: 'disposes no tensor that it is shown and changes no value of it',
    check: (make) => {
      const criterion = make()
      withWeight(criterion, [3, 4], (shown) => {
        const before = shown.tensors.map(bitsOf)
        scoresOf(criterion, shown)
        expectThat(
          shown.tensors.every(({ isDisposed }) => !isDisposed),
          'no tensor that it was shown disposed',
          'a disposed one',
        )
        expectSame(shown.tensors.map(bitsOf), before, 'the bits of what it was shown')
      })
    },
  },
  {
    law: 'leaves no tensor behind',
    check: (make) => {
      const criterion = make()
      withWeight(criterion, [3, 4], (shown) => scoresOf(criterion, shown))
      const before = memory().numTensors
      withWeight(criterion, [3, 4], (shown) => scoresOf(criterion, shown))
      expectSame(memory().numTensors - before, 0, 'the number of tensors left behind')
    },
  },
  {
    law: 'makes a mask of exactly k weights',
    check: async (make) => {
      const model = smallModel()
      const initial = { 'hidden/kernel': randomValues(24, 5), 'out/kernel': randomValues(12, 6) }
      const options = { initial, ...materials(make()) }
      const half = await computeMask(model, { density: 0.5, criterion: make(), ...options })
      const second = { ...options, previous: half, round: 2 }
      const quarter = await computeMask(model, { density: 0.25, criterion: make(), ...second })
      const kept = [half, quarter].map((mask) => mask.weights.map((weight) => weight.kept))
      expectSame(
        kept,
        [
          [12, 6],
          [6, 3],
        ],
        'the kept weights at densities 0.5 and 0.25',
      )
      model.dispose()
    },
  },
]

/**
 * What a {@link Criterion} does that gives each element a score of its own. It is shown the statistics that it needs, and no
 * others. Runs on the backend that is set.
 *
 * @example
 * ```ts
 * import { abs, sub } from '@tensorflow/tfjs-core'
 * import type { Criterion } from 'tfjs-prune'
 * import { criterionLaws } from 'tfjs-prune/testing'
 *
 * const distance: Criterion = ({ initial, final }) => abs(sub(final, initial))
 * for (const { check } of criterionLaws) await check(() => distance)
 * ```
 */
export const criterionLaws: readonly Law<Criterion>[] = [
  ...commonLaws,
  {
    law: 'tells the elements of a trained weight apart',
    check: (make) => {
      const criterion = make()
      const [scores, mask] = withWeight(criterion, [8, 8], (shown) => {
        return [scoresOf(criterion, shown), shown.weight.mask.dataSync().slice()]
      })
      const kept = scores.filter((_, i) => mask[i] === 1)
      const different = new Set(kept).size
      expectThat(
        different > kept.length / 2,
        `more than ${kept.length / 2} different scores of ${kept.length}`,
        different,
      )
    },
  },
]

/**
 * What a {@link Criterion} does that scores whole units: all elements of a unit (last axis) score alike.
 *
 * @example
 * ```ts
 * import { unitTaylor } from 'tfjs-prune'
 * import { unitCriterionLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of unitCriterionLaws) await check(unitTaylor)
 * ```
 */
export const unitCriterionLaws: readonly Law<Criterion>[] = [
  ...commonLaws,
  {
    law: 'tells the units of a trained weight apart, and scores the elements of a unit alike',
    check: (make) => {
      const criterion = make()
      const scores = withWeight(criterion, [8, 8], (shown) => scoresOf(criterion, shown))
      const first = scores.slice(0, 8)
      expectThat(new Set(first).size > 4, 'more than 4 different scores of 8 units', first)
      expectSame(
        [...scores],
        Array.from({ length: 64 }, (_, i) => first[i % 8]),
        'the scores of the elements',
      )
    },
  },
]
