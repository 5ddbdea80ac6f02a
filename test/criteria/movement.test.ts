import { train } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { movement } from '../../src/criteria/movement.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { keepHighest } from '../../src/masks/keep-highest.js'
import { pruningRounds } from '../../src/rounds/pruning-rounds.js'
import type { Round } from '../../src/rounds/round.js'
import { densityList } from '../../src/schedules/density-list.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'
import type { Train } from '../../src/types.js'
import { distance } from '../losses/gradient-of.js'
import { smallModel } from '../support/small-models.js'
import { randomValues, weightsByName } from '../support/weights.js'

const RATE = 0.05
const ys = Array.from({ length: 12 }, (_, i) => i % 2)
const data = { xs: ys.map((label, i) => [label, ...randomValues(3, 30 + i)]), ys }

/** Sums of - w g of plain gradient descent, which moves by - rate g: w dw / rate, step by step. */
function sumsOf(steps: readonly Record<string, Float32Array>[], name: string): number[] {
  return [...steps[0]![name]!].map((_, i) => {
    const path = steps.map((weights) => weights[name]![i]!)
    return path.slice(1).reduce((sum, next, t) => sum + (path[t]! * (next - path[t]!)) / RATE, 0)
  })
}

test('movement prunes by the sum of - w g over the steps of the round before', async () => {
  const model = smallModel()
  const steps: Record<string, Float32Array>[] = []
  // One batch an epoch, so that the progress after each epoch shows every step.
  const training = fit(data, {
    ...{ loss: weightedCrossentropy(), epochs: 6, batchSize: 12, seed: 1 },
    optimizer: () => train.sgd(RATE),
  })
  const watched: Train = (context) => {
    steps.splice(0, steps.length, weightsByName(model))
    const progress: typeof context.progress = (event) => {
      if (!('batch' in event)) steps.push(weightsByName(model))
    }
    return training({ ...context, progress })
  }
  let previous: Round | undefined
  for await (const round of pruningRounds(model, {
    train: watched,
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: densityList([1, 0.5, 0.25]),
    criterion: movement(),
  })) {
    for (const [index, { name, values, kept }] of round.mask.weights.entries()) {
      expect(kept).toBe(values.length * [1, 0.5, 0.25][round.round]!)
      expect(distance([...round.movement![name]!], sumsOf(steps, name))).toBeLessThan(1e-4)
      if (!previous) continue
      const sums = Float32Array.from(previous.movement![name]!)
      expect(values).toEqual(keepHighest(sums, kept, previous.mask.weights[index]!.values))
    }
    previous = round
  }
  expect(previous?.round).toBe(2)
  model.dispose()
})
