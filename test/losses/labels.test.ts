import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { type Loss, weightedCrossentropy } from 'tfjs-prune'
import { asymmetric, aucPairwise, focal, ldam, squaredHingeRank } from 'tfjs-prune/losses'
import { describe, expect, it } from 'vitest'
import { gradientOf } from './gradient-of.js'

const crossentropies: [string, Loss][] = [
  ['weightedCrossentropy', weightedCrossentropy()],
  ['focal', focal()],
  ['ldam', ldam({ counts: [2, 1] })],
]

describe('losses and labels that are no class', () => {
  it.each(crossentropies)(
    '%s counts them as no sample, with one output and with two',
    (_, loss) => {
      for (const label of [-1, 2, 255]) {
        const [labels, known] = [tensor1d([label, 1]), tensor1d([1])]
        const alone = gradientOf(loss, known, tensor1d([-3]))
        const one = gradientOf(loss, labels, tensor1d([20, -3]))
        // The mean is over all samples of the batch.
        expect(one.value).toBeCloseTo(alone.value / 2, 5)
        expect(one.gradient[0]).toBeCloseTo(0, 12)
        const two = gradientOf(loss, labels, tensor([-10, 10, 1.5, -1.5], [2, 2]))
        expect(two.value).toBeCloseTo(alone.value / 2, 5)
      }
    },
  )

  it.each([0, 1])(
    'a label of 1/2 is no sample of class %d, as an index and as a row',
    (positiveClass) => {
      const loss = asymmetric({ positiveClass })
      const one = gradientOf(loss, tensor1d([0.5, positiveClass]), tensor1d([0.3, 1]))
      const two = gradientOf(
        loss,
        tensor([0.5, 0.5, 1 - positiveClass, positiveClass], [2, 2]),
        tensor([0, 0.3, 0, 1], [2, 2]),
      )
      expect(one.value).toBeCloseTo(two.value, 6)
    },
  )

  it('weightedCrossentropy still takes soft labels with one output', () => {
    const soft = gradientOf(weightedCrossentropy(), tensor1d([0.25]), tensor1d([0]))
    expect(soft.value).toBeCloseTo(Math.LN2, 6)
    expect(soft.gradient[0]).toBeCloseTo(0.25, 6)
  })

  it('losses name what is no tensor', () => {
    const call = (loss: Loss) => () => loss([1, 0] as never, tensor1d([1, 2]))
    for (const loss of [weightedCrossentropy(), aucPairwise(), asymmetric()]) {
      expect(call(loss)).toThrow(/^Cannot compute \w+: expected a tensor as yTrue, got object$/)
    }
  })

  it('squaredHingeRank is not finite where a score is infinite, on every backend', () => {
    const labels = tensor1d([1, 0, 1, 0])
    for (const scores of [
      [Number.POSITIVE_INFINITY, 1, 2, 0],
      [1, Number.NEGATIVE_INFINITY, 2, 0],
    ]) {
      expect(squaredHingeRank()(labels, tensor1d(scores)).dataSync()[0]).toBeNaN()
    }
  })
})
