import {
  abs,
  add,
  cast,
  concat,
  greater,
  log,
  mean,
  mul,
  neg,
  reshape,
  type Scalar,
  scalar,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { asymmetric } from '../../src/losses/asymmetric.js'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { aucm } from '../../src/losses/aucm.js'
import { byEpoch } from '../../src/losses/by-epoch.js'
import { byRound } from '../../src/losses/by-round.js'
import { classDependent } from '../../src/losses/class-dependent.js'
import { detach } from '../../src/losses/detach.js'
import { distillation } from '../../src/losses/distillation.js'
import { falseNegativeBudget } from '../../src/losses/false-negative-budget.js'
import { focal } from '../../src/losses/focal.js'
import { forLabel } from '../../src/losses/for-label.js'
import { highRecallPairwise } from '../../src/losses/high-recall-pairwise.js'
import { ldam } from '../../src/losses/ldam.js'
import { logitAdjusted } from '../../src/losses/logit-adjusted.js'
import { lowFalseAlarmPairwise } from '../../src/losses/low-false-alarm-pairwise.js'
import { perLabel } from '../../src/losses/per-label.js'
import { softFBeta } from '../../src/losses/soft-f-beta.js'
import { squaredHingeRank } from '../../src/losses/squared-hinge-rank.js'
import { sumOf } from '../../src/losses/sum-of.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { paper } from '../../src/paper.js'
import { lossLaws } from '../../src/testing/loss-laws.js'
import type { Loss } from '../../src/types.js'
import { byClasses } from '../losses/imbalance-cases.js'
import { brokenLaws, conformance } from './laws.js'
import { lossConformance } from './loss.js'

lossConformance('asymmetric', asymmetric)
lossConformance('aucPairwise', aucPairwise)
lossConformance('aucm', aucm, { rate: 0.5 })
lossConformance('classDependent', (options) => classDependent({ ...options, gamma: 5, lambda: 2 }))
lossConformance('classDependent without lambda', classDependent)
lossConformance('focal', (options) => focal({ ...options, weights: 2 }))
lossConformance('highRecallPairwise', (options) => highRecallPairwise({ worst: 0.5, ...options }))
lossConformance('lowFalseAlarmPairwise', (options) =>
  lowFalseAlarmPairwise({ hardest: 0.5, ...options }),
)
lossConformance('lowFalseAlarmPairwise by temperature', (options) =>
  lowFalseAlarmPairwise({ temperature: 2, positiveTemperature: 3, ...options }),
)
lossConformance('ldam', (options) =>
  byClasses(
    ldam({ counts: [90, 10], weights: 2, ...options }),
    ldam({ counts: [90, 10, 30], weights: 2, ...options }),
  ),
)
lossConformance(
  'logitAdjusted',
  (options) =>
    byClasses(
      logitAdjusted({ counts: [60, 40], ...options }),
      logitAdjusted({ counts: [60, 40, 5], ...options }),
    ),
  { hasPositiveClass: false },
)
lossConformance('softFBeta', softFBeta, { rate: 1 })
lossConformance('squaredHingeRank', squaredHingeRank)
lossConformance('squaredHingeRank by deviation', (options) =>
  squaredHingeRank({ ...options, tau: 'deviation' }),
)
lossConformance('sumOf', (options) =>
  sumOf(weightedCrossentropy(options), squaredHingeRank(options)),
)
lossConformance('weightedCrossentropy', (options) =>
  weightedCrossentropy({ ...options, weights: 2 }),
)

for (const [name, make] of Object.entries<() => Loss>({
  'ldam of two classes': () => ldam({ counts: [90, 10] }),
  'logitAdjusted of two classes': () => logitAdjusted({ counts: [60, 40] }),
  'the last scenario of paper': () => paper.green().atRound(1),
  'the first round of byRound': () => byRound(() => focal()).atRound(0),
  'the first epoch of byEpoch': () => byEpoch(() => aucm()).atEpoch!(0, 0),
  falseNegativeBudget: () =>
    falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.02 }),
  distillation: () => taught(distillation()),
  'forLabel in a head of two labels': () => inHead(forLabel(focal({ focusing: 1 }), 1)),
  'perLabel in a head of two labels': () => inHead(perLabel(squaredHingeRank({ lambda: 2 }))),
}))
  conformance(name, lossLaws, make)

/** A loss of a head with several labels as one of two classes: both labels are the class. */
function inHead(loss: Loss, score = scoresOf): Loss {
  const both = (column: Tensor) => concat([column, column], 1)
  const onHead: Loss = (yTrue, yPred) =>
    tidy(() => loss(both(reshape(cast(yTrue, 'float32'), [-1, 1])), both(score(yPred))))
  const forOutput = (output: 'logits' | 'probabilities') =>
    inHead(loss.forOutput!(output), output === 'logits' ? scoresOf : shareOf)
  return Object.assign(onHead, loss.forOutput ? { forOutput } : {})
}

/** Probabilities `[n, 1]` of class 1. */
function shareOf(outputs: Tensor): Tensor {
  if (outputs.shape[1] !== 2) return reshape(outputs, [-1, 1])
  return slice(outputs as Tensor2D, [0, 1], [-1, 1])
}

/** A distilled loss whose teacher knows the labels. */
function taught(loss: Loss): Loss {
  const withTeacher: Loss = (yTrue, yPred) =>
    tidy(() => {
      const labels = reshape(cast(yTrue, 'float32'), [-1, 1])
      return loss(concat([labels, neg(labels), labels], 1), yPred)
    })
  const forOutput = (output: 'logits' | 'probabilities') => taught(loss.forOutput!(output))
  return Object.assign(withTeacher, loss.forOutput ? { forOutput } : {})
}

/** Log-odds `[n, 1]` of class 1. */
function scoresOf(outputs: Tensor): Tensor {
  if (outputs.shape[1] !== 2) return reshape(outputs, [-1, 1])
  const columns = outputs as Tensor2D
  return sub(slice(columns, [0, 1], [-1, 1]), slice(columns, [0, 0], [-1, 1]))
}

/** Labels and scores `[n, 1]`; throws if they are not equally many. */
function columnsOf(yTrue: Tensor, yPred: Tensor): readonly [Tensor, Tensor] {
  const scores = scoresOf(yPred)
  return [reshape(cast(yTrue, 'float32'), scores.shape as number[]), scores]
}

const own =
  (compute: (labels: Tensor, scores: Tensor) => Tensor): (() => Loss) =>
  () =>
  (yTrue, yPred) =>
    tidy(() => compute(...columnsOf(yTrue, yPred)) as Scalar)

// A user's own: the Brier score.
const brier = own((labels, scores) => mean(square(sub(sigmoid(scores), labels))))
conformance('a loss of a user', lossLaws, brier)

const idle: Record<string, () => Loss> = {
  'returns nothing': () => () => undefined as never,
  'returns a constant': () => () => scalar(1),
  'returns the scores': () => (_, yPred) => yPred as Scalar,
  'looks at no label': own((_, scores) => mean(square(scores))),
  // Equal for right and wrong scores but for the rounding, as half of the labels are 1.
  'looks at the mean label alone': own((labels, scores) =>
    mean(square(sub(mean(labels), sigmoid(scores)))),
  ),
}
test.each(Object.keys(idle))('lossConformance turns down a loss that %s', async (kind) => {
  expect(await brokenLaws(lossLaws, idle[kind]!)).toContain(
    'is less when all are right than when all are wrong',
  )
})

const broken: Record<string, () => Loss> = {
  'is never negative': own((labels, scores) => sub(mean(square(sub(sigmoid(scores), labels))), 1)),
  'is NaN where a score is, so that a diverged training shows': own((labels, scores) => {
    const costs = square(sub(sigmoid(scores), labels))
    return mean(
      where(
        detach((z) => greater(z, 0), costs),
        costs,
        zerosLike(costs),
      ),
    )
  }),
  'is less when all are right than when all are wrong': own((labels, scores) =>
    mean(square(sub(sigmoid(neg(scores)), labels))),
  ),
  'is the same in any order of the samples': own((labels, scores) => {
    const costs = square(sub(sigmoid(scores), labels))
    return add(mean(costs), sum(slice(costs, [0, 0], [1, 1])))
  }),
  'refuses labels that are not as many as the outputs': () => (yTrue, yPred) =>
    tidy(() => {
      const n = Math.min(yTrue.size, yPred.shape[0]!)
      const labels = slice(reshape(cast(yTrue, 'float32'), [-1, 1]), [0, 0], [n, 1])
      return mean(square(sub(sigmoid(slice(scoresOf(yPred), [0, 0], [n, 1])), labels))) as Scalar
    }),
  'leaves no tensor behind but the one that it returns': () => (yTrue, yPred) => {
    const [labels, scores] = columnsOf(yTrue, yPred)
    return mean(square(sub(sigmoid(scores), labels)))
  },
  'is the same for one output z and the two outputs -z/2 and z/2': () => (yTrue, yPred) =>
    tidy(() => {
      const [labels, scores] = columnsOf(yTrue, yPred)
      const width = yPred.shape[1] ?? 1
      return mul(mean(square(sub(sigmoid(scores), labels))), width) as Scalar
    }),
  'is finite, and so is its gradient, on extreme batches': own((labels, scores) => {
    const p = sigmoid(scores)
    return neg(mean(add(mul(labels, log(p)), mul(sub(1, labels), log(sub(1, p))))))
  }),
  'returns a float32 scalar': own((labels, scores) =>
    reshape(mean(abs(sub(sigmoid(scores), labels))), [1]),
  ),
  'answers logits and probabilities alike, if it follows the output of a model': () =>
    Object.assign(brier(), { forOutput: brier }),
}
test.each(Object.keys(broken))(
  'lossConformance turns down a loss for which not: %s',
  async (law) => {
    expect(await brokenLaws(lossLaws, broken[law]!)).toEqual([law])
  },
)
