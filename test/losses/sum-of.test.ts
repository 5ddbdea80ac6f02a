import { mean, type Scalar, square, sub, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { FalseNegativeBudget } from '../../src/losses/budget-options.js'
import { falseNegativeBudget } from '../../src/losses/false-negative-budget.js'
import { squaredHingeRank } from '../../src/losses/squared-hinge-rank.js'
import { sumOf } from '../../src/losses/sum-of.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import type { Loss } from '../../src/types.js'
import { gradientOf } from './gradient-of.js'

describe('sumOf', () => {
  it("sumOf adds values and gradients, those of a user's own loss too", () => {
    const own: Loss = (yTrue, yPred) => mean<Scalar>(square(sub(yTrue, yPred)))
    const [labels, outputs] = [tensor1d([1, 0]), tensor1d([3, 1])]
    const { value, gradient } = gradientOf(sumOf(own, weightedCrossentropy(), own), labels, outputs)
    const crossentropy = gradientOf(weightedCrossentropy(), labels, outputs)
    expect(value).toBeCloseTo(2 * 2.5 + crossentropy.value, 5)
    expect(gradient[0]).toBeCloseTo(2 * 2 + crossentropy.gradient[0]!, 5)
    expect(gradient[1]).toBeCloseTo(2 * 1 + crossentropy.gradient[1]!, 5)
  })

  it('sumOf of one loss is that loss', () => {
    const [labels, outputs] = [tensor1d([1, 0]), tensor1d([3, 1])]
    const loss = squaredHingeRank()
    expect(gradientOf(sumOf(loss), labels, outputs)).toEqual(gradientOf(loss, labels, outputs))
  })

  it('sumOf lists the settings of its parts', () => {
    const own: Loss = (yTrue) => mean<Scalar>(yTrue)
    const ranking = squaredHingeRank({ lambda: 2 })
    const common = { positiveClass: 1, output: 'auto' }
    expect(sumOf(ranking, own).settings).toEqual({ ...common, losses: [ranking.settings, {}] })
    expect(sumOf(own).settings).toEqual({ losses: [{}] })
    const other = squaredHingeRank({ positiveClass: 0 })
    expect(sumOf(ranking, other).settings).toEqual({
      output: 'auto',
      losses: [ranking.settings, other.settings],
    })
  })

  it('sumOf rejects parts of which one wants logits and one probabilities', () => {
    expect(() =>
      sumOf(
        squaredHingeRank({ output: 'logits' }),
        weightedCrossentropy({ output: 'probabilities' }),
      ),
    ).toThrow(
      new RangeError(
        'Cannot make sumOf: expected losses of one output, got logits and probabilities',
      ),
    )
  })

  it('sumOf has the update step of a part, and a loss of its own for each round', () => {
    const budget = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0.1,
      maximumMultiplier: 100,
      start: (round) => round,
    })
    const both = sumOf(squaredHingeRank(), budget) as FalseNegativeBudget
    both.update([0, 0.6])
    expect(budget.multipliers).toEqual({ 1: 5 })
    const [labels, outputs] = [tensor1d([1, 0]), tensor1d([-1, -2])]
    const parts = [squaredHingeRank(), budget].map(
      (loss) => gradientOf(loss, labels, outputs).value,
    )
    expect(gradientOf(both, labels, outputs).value).toBeCloseTo(parts[0]! + parts[1]!, 5)
    const third = (both.atRound(3).settings as { losses: { budgets: { start: number }[] }[] })
      .losses[1]!.budgets[0]!
    expect(third.start).toBe(3)
    expect(sumOf(squaredHingeRank())).not.toHaveProperty('update')
    expect(() =>
      falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0 }, { plus: budget }),
    ).toThrow(
      new TypeError(
        'Cannot make falseNegativeBudget: expected plus to have no update step of its own, got one: list its budgets',
      ),
    )
  })

  it('sumOf rejects an empty list and what is no function', () => {
    expect(() => sumOf()).toThrow(
      new TypeError('Cannot make sumOf: expected at least one loss, got none'),
    )
    expect(() => sumOf(weightedCrossentropy(), 'mse' as unknown as Loss)).toThrow(
      new TypeError('Cannot make sumOf: expected loss 1 to be a function, got string'),
    )
  })
})
