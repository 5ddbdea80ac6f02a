// Type tests: `npm run types` compiles them, nothing runs.
import { abs, type Scalar, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type Allocator,
  type Augment,
  type Criterion,
  type Evaluate,
  type Evaluation,
  evaluateOn,
  type Loss,
  type LossSchedule,
  magnitude,
  type PruneResult,
  type PruningEvent,
  paper,
  prune,
  type Round,
  type Schedule,
  type ScoredWeight,
  type StoppingRule,
  shiftImages,
  type Train,
  type TrainingBatch,
  weightedCrossentropy,
} from 'tfjs-prune'
import { falseNegativeBudget, forLabel, perLabel } from 'tfjs-prune/losses'
import { expectTypeOf, test } from 'vitest'

test('Criterion is a plain function from a weight to its scores', () => {
  expectTypeOf<(weight: ScoredWeight) => Tensor>().toExtend<Criterion>()
  expectTypeOf<Criterion>().toExtend<(weight: ScoredWeight) => Tensor>()
  expectTypeOf(({ final }: ScoredWeight) => abs(final)).toExtend<Criterion>()
  expectTypeOf(magnitude()).toExtend<Criterion>()
  // @ts-expect-error scores are a tensor, not a number
  expectTypeOf((weight: ScoredWeight) => weight.round).toExtend<Criterion>()
})

test('Augment is a plain function from a batch to a batch, at once', () => {
  expectTypeOf<(batch: TrainingBatch) => TrainingBatch>().toExtend<Augment>()
  expectTypeOf(({ xs, ys }: TrainingBatch) => ({ xs: xs.map(abs), ys })).toExtend<Augment>()
  expectTypeOf(shiftImages({ pixels: 1 })).toExtend<Augment>()
  // @ts-expect-error a factory that was not called
  expectTypeOf(shiftImages).toExtend<Augment>()
  // @ts-expect-error a promise
  expectTypeOf(async (batch: TrainingBatch) => batch).toExtend<Augment>()
  // @ts-expect-error the inputs are a list
  expectTypeOf(({ xs, ys }: TrainingBatch) => ({ xs: xs[0]!, ys })).toExtend<Augment>()
})

test('ScoredWeight cannot be written to', () => {
  const score: Criterion = (weight) => {
    // @ts-expect-error readonly
    weight.name = 'dense/kernel'
    return weight.final
  }
  expectTypeOf(score).parameter(0).toEqualTypeOf<ScoredWeight>()
})

test('Schedule, Loss, Allocator, StoppingRule, Train and Evaluate take a plain function', () => {
  expectTypeOf((round: number) => 0.5 ** round).toExtend<Schedule>()
  expectTypeOf((_yTrue: Tensor, yPred: Tensor) => abs(yPred) as Scalar).toExtend<Loss>()
  expectTypeOf(() => [1, 2]).toExtend<Allocator>()
  expectTypeOf(() => ({ stop: false, reason: 'never', keep: 0 })).toExtend<StoppingRule>()
  expectTypeOf(async () => {}).toExtend<Train>()
  expectTypeOf<Parameters<Evaluate>>().toEqualTypeOf<
    [model: LayersModel, context?: { readonly signal?: AbortSignal | undefined }]
  >()
})

test('PruneResult says whether a round was kept before it can be used', async () => {
  expectTypeOf(prune<Evaluation>).returns.resolves.toEqualTypeOf<PruneResult>()
  const use = (result: PruneResult) => (result.feasible ? result.kept.density : result.kept)
  expectTypeOf(use).returns.toEqualTypeOf<number | undefined>()
})

test('the event of a finished round carries the round with its mask and weights', () => {
  type Finished = Extract<PruningEvent, { kind: 'round-finished' }>
  expectTypeOf<Finished['report']>().toEqualTypeOf<Round>()
})

test('a loss of labels is a loss, and a schedule of them a schedule', () => {
  const budget = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 })
  expectTypeOf(forLabel(weightedCrossentropy(), 2)).toEqualTypeOf<Loss>()
  expectTypeOf(forLabel(paper.black(), 2)).toEqualTypeOf<LossSchedule>()
  expectTypeOf(forLabel(budget, 2)).toExtend<Loss & LossSchedule>()
  expectTypeOf(forLabel(budget, 2).update).toEqualTypeOf(budget.update)
  expectTypeOf(perLabel(weightedCrossentropy())).toEqualTypeOf<Loss>()
  expectTypeOf(perLabel(paper.black(), { labelWeights: [1, 2] })).toEqualTypeOf<LossSchedule>()
  // @ts-expect-error a label is a number
  expectTypeOf(forLabel).toBeCallableWith(weightedCrossentropy(), 'all')
  const evaluate = (label: number) =>
    evaluateOn({ xs: [[1]], ys: [1] }, { positiveClass: 1, label })
  expectTypeOf(evaluate).returns.toExtend<Evaluate>()
})

test('prune keeps the scores and labels that evaluateOn tells of each sample', async () => {
  const evaluate = evaluateOn({ xs: [[0]], ys: [0] }, { positiveClass: 1 })
  expectTypeOf(evaluate).toExtend<Evaluate>()
  const stop: StoppingRule = (rounds) => ({ stop: true, reason: 'enough', keep: rounds.length })
  const train: Train = () => {}
  const { rounds } = await prune({} as LayersModel, { train, evaluate, stop })
  expectTypeOf(rounds[0]!.evaluation.scores).toEqualTypeOf<Float64Array>()
  expectTypeOf(rounds).toExtend<readonly Round[]>()
  const resume: readonly Round[] = rounds
  const resumed = await prune({} as LayersModel, { train, evaluate, stop, resume })
  expectTypeOf(resumed.rounds[0]!.evaluation).toExtend<Evaluation>()
})
