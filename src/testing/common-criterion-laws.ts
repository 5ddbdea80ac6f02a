import { memory, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { checkScoring } from '../criteria/check-scoring.js'
import { modelWeights } from '../internal/model-weights.js'
import { assignValues } from '../internal/weight-values.js'
import { isFromSamples, needsOf } from '../statistics/needs.js'
import { computeMask } from '../step/compute-mask.js'
import type { Criterion, RoundReport, Statistic } from '../types.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { bitsOf, randomValues } from './random-values.js'
import { scoresOf, withValues, withWeight } from './shown-weight.js'

const SHAPES = [[1], [7], [3, 4], [2, 3, 2], [2, 2, 3, 2], [2, 1, 2, 1, 3]]
// Zeros of both signs, denormals, the smallest normal number, large and very large numbers.
const AWKWARD = [0, -0, 1e-45, -1e-40, 1.17549435e-38, 1, -1, 1e6, -1e19, 1e30]

/** A finished round of a classifier that misses one sample of each of two classes. */
const ROUND: RoundReport = {
  ...{ round: 0, density: 1, densityOverAll: 1, kept: 88, weights: [], trainingLoss: 1 },
  evaluation: {
    confusion: { truePositives: 1, falseNegatives: 1, falsePositives: 1, trueNegatives: 3 },
    ...{ falseNegativeRate: 1 / 2, falsePositiveRate: 1 / 4, accuracy: 2 / 3, auc: 3 / 4, loss: 1 },
    labels: Int32Array.of(0, 0, 0, 0, 1, 1),
    predictions: Int32Array.of(0, 0, 0, 1, 1, 0),
    positiveClass: 1,
  },
  seconds: { training: 1, scoring: 1, evaluation: 1 },
}

/**
 * Dense `hidden` 4-6 (tanh) and `out` 6-8 with seeded values, none of them 0; a batch normalisation
 * behind each for a criterion that looks at those, and relu for one that looks at zeros.
 */
function smallModel(criterion: Criterion): LayersModel {
  const looksAt = (wanted: Statistic) =>
    needsOf(criterion).some(({ statistic }) => statistic === wanted)
  const relu = looksAt('zeroShare') && ({ activation: 'relu' } as const)
  const plain = { name: 'hidden', units: 6, activation: 'tanh' } as const
  const hidden = layers.dense({ ...plain, inputShape: [4], ...relu })
  const out = layers.dense({ name: 'out', units: 8, ...relu })
  const norm = () => (looksAt('batchNormScale') ? [layers.batchNormalization()] : [])
  const model = sequential({ layers: [hidden, ...norm(), out, ...norm()] })
  modelWeights(model).forEach(({ role, variable }, i) => {
    const values = randomValues(variable.size, 1 + i)
    assignValues(variable, role === 'moving_variance' ? values.map(Math.abs) : values)
  })
  return model
}

/** The inputs of `computeMask` beside the weights: samples of both classes, and movements. */
function materials(criterion: Criterion) {
  const statistics = needsOf(criterion)
  const xs = Array.from({ length: 10 }, (_, i) => [...randomValues(4, 50 + i)])
  const movement = { 'hidden/kernel': randomValues(24, 7), 'out/kernel': randomValues(48, 8) }
  return {
    ...(statistics.some(isFromSamples) && {
      samples: { xs, ys: xs.map((_, i) => i % 2), batchSize: 4 },
    }),
    ...(statistics.some(({ statistic }) => statistic === 'movement') && { movement }),
  }
}

/** The laws that hold for all criteria. */
export const commonCriterionLaws: readonly Law<Criterion>[] = [
  {
    law: 'needs statistics that exist, at weights that exist, in whole steps',
    check: (make) => {
      const criterion = make()
      checkScoring(criterion)
      needsOf(criterion)
    },
  },
  {
    law: 'needs the same statistics in all rounds, where it changes from round to round',
    check: (make) => {
      const criterion = make()
      if (!criterion.forRound) return
      for (const rounds of [[], [ROUND]]) {
        const next = criterion.forRound(rounds)
        expectThat(typeof next === 'function', 'a criterion for the next round', typeof next)
        expectSame(needsOf(next), needsOf(criterion), 'the needs in the next round')
        const again = make().forRound!(rounds)
        expectSame(again.settings, next.settings, 'the settings for the same rounds')
      }
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
          const scores = withValues(criterion, { shape, ...values }, (shown) =>
            scoresOf(criterion, shown),
          )
          expectThat(scores.every(Number.isFinite), 'finite scores', Array.from(scores, String))
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
      const model = smallModel(make())
      try {
        const initial = { 'hidden/kernel': randomValues(24, 5), 'out/kernel': randomValues(48, 6) }
        const options = { initial, ...materials(make()) }
        const half = await computeMask(model, { density: 0.5, criterion: make(), ...options })
        const second = { ...options, previous: half, round: 2 }
        const quarter = await computeMask(model, { density: 0.25, criterion: make(), ...second })
        const kept = [half, quarter].map((mask) => mask.weights.map((weight) => weight.kept))
        const wanted = [
          [12, 24],
          [6, 12],
        ]
        expectSame(kept, wanted, 'the kept weights at densities 0.5 and 0.25')
      } finally {
        model.dispose()
      }
    },
  },
]
