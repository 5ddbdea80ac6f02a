// Type tests: `npm run types` compiles them, nothing runs.
import { abs, type Scalar, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type Allocator,
  type Criterion,
  type Evaluate,
  type Loss,
  magnitude,
  type PruneResult,
  type PruningEvent,
  prune,
  type Round,
  type Schedule,
  type ScoredWeight,
  type StoppingRule,
  type Train,
} from 'tfjs-prune'
import { expectTypeOf, test } from 'vitest'

test('Criterion is a plain function from a weight to its scores', () => {
  expectTypeOf<(weight: ScoredWeight) => Tensor>().toExtend<Criterion>()
  expectTypeOf<Criterion>().toExtend<(weight: ScoredWeight) => Tensor>()
  expectTypeOf(({ final }: ScoredWeight) => abs(final)).toExtend<Criterion>()
  expectTypeOf(magnitude()).toExtend<Criterion>()
  // @ts-expect-error scores are a tensor, not a number
  expectTypeOf((weight: ScoredWeight) => weight.round).toExtend<Criterion>()
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
  expectTypeOf<Parameters<Evaluate>>().toEqualTypeOf<[model: LayersModel]>()
})

test('PruneResult says whether a round was kept before it can be used', async () => {
  expectTypeOf(prune).returns.resolves.toEqualTypeOf<PruneResult>()
  const use = (result: PruneResult) => (result.feasible ? result.kept.density : result.kept)
  expectTypeOf(use).returns.toEqualTypeOf<number | undefined>()
})

test('the event of a finished round carries the round with its mask and weights', () => {
  type Finished = Extract<PruningEvent, { kind: 'round-finished' }>
  expectTypeOf<Finished['report']>().toEqualTypeOf<Round>()
})
