import { train } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { movement } from '../../src/criteria/movement.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { pruningRounds } from '../../src/pruning-rounds.js'
import { applyTrained } from '../../src/rounds/round.js'
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

test('movement prunes by the sum of - w g over the steps of the round before', async () => {
  const model = smallModel()
  const steps: Record<string, Float32Array>[] = []
  // Plain SGD moves by - rate g, so that - w g = w dw / rate; one batch an epoch shows every step.
  const training = fit(data, {
    loss: weightedCrossentropy(),
    optimizer: () => train.sgd(RATE),
    epochs: 6,
    batchSize: 12,
    seed: 1,
  })
  const watched: Train = (context) => {
    steps.length = 0
    steps.push(weightsByName(model))
    return training({
      ...context,
      progress: (event) => {
        steps.push(weightsByName(model))
        context.progress(event)
      },
    })
  }
  const rounds = pruningRounds(model, {
    train: watched,
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: densityList([1, 0.5, 0.25]),
    criterion: movement(),
  })
  let wanted: Record<string, number[]> | undefined
  for await (const round of rounds) {
    for (const { name, values, kept } of round.mask.weights) {
      if (!wanted) continue
      const sums = wanted[name]!
      const order = [...sums.keys()].filter((i) => steps[0]![name]![i] !== 0 || values[i] === 0)
      const lowestKept = Math.min(...sums.filter((_, i) => values[i] === 1))
      const pruned = order.filter((i) => values[i] === 0 && sums[i] !== 0)
      for (const i of pruned) expect(sums[i]).toBeLessThanOrEqual(lowestKept + 1e-5)
      expect(kept).toBe(Math.round(values.length * [1, 0.5, 0.25][round.round]!))
    }
    expect(steps).toHaveLength(7)
    wanted = Object.fromEntries(
      Object.keys(steps[0]!).map((name) => {
        const sums = [...steps[0]![name]!].map((_, i) =>
          steps
            .slice(1)
            .reduce(
              (sum, next, t) => sum + (steps[t]![name]![i]! * (next[name]![i]! - steps[t]![name]![i]!)) / RATE,
              0,
            ),
        )
        return [name, sums]
      }),
    )
    for (const [name, sums] of Object.entries(round.movement ?? {})) {
      expect(distance([...sums], wanted[name]!)).toBeLessThan(1e-4)
    }
    expect(Object.keys(round.movement!)).toContain('hidden/kernel')
    applyTrained(model, round)
  }
  model.dispose()
})
