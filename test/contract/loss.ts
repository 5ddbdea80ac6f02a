import {
  memory,
  scalar,
  Tensor,
  tensor,
  tensor1d,
  tidy,
  train,
  variable,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, vi } from 'vitest'
import { lossLaws } from '../../src/testing/loss-laws.js'
import type { Loss } from '../../src/types.js'
import { gradientOf } from '../losses/gradient-of.js'
import { conformance } from './laws.js'

type Make = (options: { positiveClass?: number; output?: 'logits' | 'probabilities' }) => Loss

const extreme = [
  { what: 'batch of one positive', labels: [1], scores: [0.5] },
  { what: 'batch of one negative', labels: [0], scores: [0.5] },
  { what: 'batch of positives', labels: [1, 1, 1], scores: [1, -2, 0] },
  { what: 'batch of negatives', labels: [0, 0, 0], scores: [1, -2, 0] },
  { what: 'batch of equal scores', labels: [1, 0, 0], scores: [7, 7, 7] },
  { what: 'batch with scores of 50, all right', labels: [1, 0, 1, 0], scores: [50, -50, 49, -50] },
  { what: 'batch with scores of 50, all wrong', labels: [0, 1, 0, 1], scores: [50, -50, 49, -50] },
]

const sigmoid = (score: number) => Math.fround(1 / (1 + Math.exp(-score)))

/**
 * Runs the laws of a loss over one of the library's own, and its further duties: three classes,
 * probabilities, the checks of its options, and training. A loss with small gradients may name a
 * learning rate to train at. A loss that treats all classes alike has no `positiveClass`.
 */
export function lossConformance(
  name: string,
  make: Make,
  { rate = 0.1, hasPositiveClass = true } = {},
) {
  conformance(name, lossLaws, () => make({}))
  describe(`${name} as a Loss`, () => {
    it.each(extreme)(
      `${name} and its gradient are finite for three classes and probabilities, $what`,
      ({ labels, scores }) => {
        const y = tensor1d(labels)
        const probabilities = scores.map(sigmoid)
        const outputs: [Tensor, 'logits' | 'probabilities'][] = [
          [
            tensor(
              scores.flatMap((score) => [score, -score, 0]),
              [scores.length, 3],
            ),
            'logits',
          ],
          [tensor1d(probabilities), 'probabilities'],
          [
            tensor(
              probabilities.flatMap((p) => [1 - p, p]),
              [scores.length, 2],
            ),
            'probabilities',
          ],
          [
            tensor(
              probabilities.flatMap((p) => [1 - p, 0, p]),
              [scores.length, 3],
            ),
            'probabilities',
          ],
        ]
        for (const [x, output] of outputs) {
          const { value, gradient } = gradientOf(make({ output }), y, x)
          expect([value, ...gradient].every(Number.isFinite)).toBe(true)
          expect(value).toBeGreaterThanOrEqual(0)
        }
      },
    )

    it(`${name} is NaN where a score of three classes is`, () => {
      const labels = tensor1d([1, 0, 0])
      expect(
        gradientOf(make({}), labels, tensor([1, Number.NaN, 2, 0, 1, 2, 5, 4, 3], [3, 3])).value,
      ).toBeNaN()
    })

    it(`${name} leaves no tensors with three classes`, async () => {
      const labels = tensor1d([1, 0, 0])
      const columns = tensor([1, 2, 3, 0, 1, 2, 5, 4, 3], [3, 3])
      const loss = make({})
      await expect(() => gradientOf(loss, labels, columns)).toLeaveNoTensors()
    })

    it(`${name} reads no tensor back`, () => {
      const reads = [vi.spyOn(Tensor.prototype, 'dataSync'), vi.spyOn(Tensor.prototype, 'data')]
      tidy(() => {
        const labels = tensor1d([1, 0, 0])
        make({})(labels, tensor1d([0.1, 0.2, -0.3]))
        make({})(labels, tensor([1, 2, 3, 0, 1, 2, 5, 4, 3], [3, 3]))
      })
      for (const read of reads) {
        expect(read).not.toHaveBeenCalled()
        read.mockRestore()
      }
    })

    it(`${name} rejects shapes that do not fit`, () => {
      const loss = make({})
      const cannot = (wanted: string) => new RegExp(`^Cannot compute \\w+: expected ${wanted}`)
      const attempts: [Tensor, Tensor, RegExp][] = [
        [
          tensor1d([1, 0]),
          tensor1d([1, 2, 3]),
          cannot('yTrue of shape \\[3], \\[3, 1] or \\[3, 2], got \\[2]$'),
        ],
        [
          tensor([1, 0, 0, 0], [2, 2]),
          tensor([1, 2, 3, 4, 5, 6], [2, 3]),
          cannot('yTrue .*, got \\[2,2]$'),
        ],
        [tensor([1, 0], [1, 2, 1]), tensor1d([1]), cannot('yTrue')],
        [
          tensor1d([1]),
          tensor([1, 2], [1, 1, 2]),
          cannot('yPred of shape \\[n], \\[n, 1] or \\[n, classes], got \\[1,1,2]$'),
        ],
        [tensor1d([1]), scalar(1), cannot('yPred')],
        [tensor1d([]), tensor1d([]), cannot('yPred')],
      ]
      for (const [labels, outputs, message] of attempts) {
        expect(() => loss(labels, outputs)).toThrow(TypeError)
        expect(() => loss(labels, outputs)).toThrow(message)
      }
    })

    it.runIf(hasPositiveClass)(`${name} rejects a model without the positive class`, () => {
      const message =
        /^Cannot compute \w+: expected positiveClass to be below the 2 classes, got 2$/
      expect(() => make({ positiveClass: 2 })(tensor1d([1]), tensor1d([1]))).toThrow(RangeError)
      expect(() => make({ positiveClass: 2 })(tensor1d([1]), tensor([1, 2], [1, 2]))).toThrow(
        message,
      )
    })

    it.runIf(hasPositiveClass)(`${name} rejects a positiveClass that is no class index`, () => {
      expect(() => make({ positiveClass: -1 })).toThrow(RangeError)
      expect(() => make({ positiveClass: 0.5 })).toThrow(
        'expected positiveClass to be a whole number of at least 0, got 0.5',
      )
      expect(() => make({ positiveClass: '1' as unknown as number })).toThrow(TypeError)
    })

    it(`${name} rejects an output that does not exist`, () => {
      expect(() => make({ output: 'scores' as 'logits' })).toThrow(RangeError)
      expect(() => make({ output: 'scores' as 'logits' })).toThrow(
        `expected output to be 'auto' or 'logits' or 'probabilities', got "scores"`,
      )
    })

    it(`${name} trains with model.compile and fit, one output and two`, async () => {
      const xs = tensor([-2, -1, -0.5, 0.4, 1, 2.5], [6, 1])
      const one = tensor([0, 0, 0, 1, 1, 1], [6, 1])
      const two = tensor([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [6, 2])
      for (const [units, ys] of [
        [1, one],
        [2, two],
      ] as const) {
        const model = sequential({
          layers: [layers.dense({ units, inputShape: [1], kernelInitializer: 'zeros' })],
        })
        model.compile({ optimizer: train.sgd(rate), loss: make({}) })
        const { history } = await model.fit(xs, ys, { epochs: 6, verbose: 0 })
        expect(history.loss?.at(-1)).toBeLessThan(0.9 * (history.loss?.[0] as number))
        model.dispose()
      }
    })

    it(`${name} trains in a loop of one's own without leaving tensors`, () => {
      const labels = tensor1d([0, 0, 1, 1], 'int32')
      const scores = variable(tensor1d([0.2, 0, 0.1, -0.1]))
      const optimizer = train.sgd(rate)
      const loss = make({})
      const step = () => {
        const cost = optimizer.minimize(() => loss(labels, scores), true)
        const value = cost?.dataSync()[0] ?? Number.NaN
        cost?.dispose()
        return value
      }
      const first = step()
      const before = memory().numTensors
      for (let i = 0; i < 20; i++) step()
      expect(memory().numTensors).toBe(before)
      expect(step()).toBeLessThan(0.9 * first)
    })
  })
}
