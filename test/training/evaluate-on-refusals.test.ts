import { memory, type Tensor, tensor, tensor1d, tensor2d, tensor3d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { type ArrayData, type EvaluateOptions, evaluateOn } from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { echo, evaluated, twoHeads } from './outputs.js'

const refusal = (data: unknown, options: object = {}) =>
  refusalOf(() =>
    evaluateOn(data as ArrayData, { positiveClass: 1, ...options } as EvaluateOptions),
  )

describe('evaluateOn at once', () => {
  const xs = [[1], [2]]

  test.each<[unknown, string]>([
    [{ xs: [], ys: [] }, 'RangeError: Cannot evaluate: expected at least one sample, got none'],
    [
      { xs, ys: [0, 1, 1] },
      'TypeError: Cannot evaluate: expected as many labels as inputs, 2, got 3',
    ],
    [
      { xs, ys: [0, 0] },
      'RangeError: Cannot evaluate: expected a sample of the positive class 1, got none',
    ],
    [
      { xs, ys: [1, -1] },
      'RangeError: Cannot evaluate: expected class indices as labels, got -1 for sample 1',
    ],
    [
      { xs, ys: [1, 0.5] },
      'RangeError: Cannot evaluate: expected class indices as labels, got 0.5 for sample 1',
    ],
    [
      { xs, ys: [1, Number.NaN] },
      'RangeError: Cannot evaluate: expected class indices as labels, got NaN for sample 1',
    ],
    [
      { xs, ys: [1, '0'] },
      'TypeError: Cannot evaluate: expected numbers as labels (rows belong in a tensor), got string at index 1',
    ],
    [
      {
        xs,
        ys: [
          [0, 1],
          [1, 0],
        ],
      },
      'TypeError: Cannot evaluate: expected numbers as labels (rows belong in a tensor), got an array at index 0',
    ],
    [
      { xs, ys: 'ab' },
      'TypeError: Cannot evaluate: expected ys as a tensor or an array of samples, got "ab"',
    ],
    [
      { xs, ys: undefined },
      'TypeError: Cannot evaluate: expected ys as a tensor or an array of samples, got undefined',
    ],
    [
      { xs: null, ys: [1] },
      'TypeError: Cannot evaluate: expected xs as a tensor or an array of samples, got null',
    ],
    [
      { xs: 3, ys: [1] },
      'TypeError: Cannot evaluate: expected xs as a tensor or an array of samples, got 3',
    ],
  ])('evaluateOn rejects data that cannot be right: %#', (data, message) => {
    expect(refusal(data)).toBe(message)
  })

  test.each<[() => Tensor, string]>([
    [
      () => tensor(1),
      'TypeError: Cannot evaluate: expected ys as a tensor or an array of samples, got a scalar',
    ],
    [
      () => tensor3d([0, 1], [2, 1, 1]),
      'TypeError: Cannot evaluate: expected labels of shape [n] or [n, classes], got [2, 1, 1]',
    ],
    [
      () => tensor1d(['0', '1']),
      'TypeError: Cannot evaluate: expected numbers as labels, got a tensor of dtype string',
    ],
  ])('evaluateOn rejects labels of another shape or dtype: %#', (make, message) => {
    const ys = make()
    const before = memory().numTensors
    expect(refusal({ xs, ys })).toBe(message)
    expect(memory().numTensors).toBe(before)
    ys.dispose()
  })

  test.each<[object, string]>([
    [
      { positiveClass: -1 },
      'RangeError: Cannot evaluate: expected positiveClass to be a whole number of at least 0, got -1',
    ],
    [
      { positiveClass: '1' },
      'TypeError: Cannot evaluate: expected positiveClass to be a whole number of at least 0, got "1"',
    ],
    [
      { positiveClass: undefined },
      'TypeError: Cannot evaluate: expected positiveClass to be a whole number of at least 0, got undefined',
    ],
    [
      { positiveClass: 7 },
      'RangeError: Cannot evaluate: expected a sample of the positive class 7, got none',
    ],
    [
      { output: 'scores' },
      "RangeError: Cannot evaluate: expected output to be 'auto' or 'logits' or 'probabilities', got \"scores\"",
    ],
    [
      { threshold: 0 },
      'RangeError: Cannot evaluate: expected threshold to be a number in (0, 1), got 0',
    ],
    [
      { threshold: 1 },
      'RangeError: Cannot evaluate: expected threshold to be a number in (0, 1), got 1',
    ],
    [
      { threshold: '0.5' },
      'TypeError: Cannot evaluate: expected threshold to be a number in (0, 1), got "0.5"',
    ],
    [
      { threshold: { logOdds: Number.NaN } },
      'RangeError: Cannot evaluate: expected logOdds to be a finite number, got NaN',
    ],
    [
      { threshold: { probability: 0.5 } },
      'TypeError: Cannot evaluate: expected options among logOdds, got probability',
    ],
    [
      { batchSize: 0 },
      'RangeError: Cannot evaluate: expected batchSize to be a whole number of at least 1, got 0',
    ],
  ])('evaluateOn rejects options out of range: %#', (options, message) => {
    expect(refusal({ xs, ys: [0, 1] }, options)).toBe(message)
  })
})

describe('evaluateOn of a model', () => {
  test.each<[number[][], number[], object, string]>([
    [
      [[1, Number.NaN]],
      [1],
      {},
      'RangeError: Cannot evaluate: expected finite outputs, got NaN for sample 0',
    ],
    [
      [
        [1, 2],
        [1, -Number.MAX_VALUE],
      ],
      [1, 0],
      {},
      'RangeError: Cannot evaluate: expected finite outputs, got -Infinity for sample 1',
    ],
    [
      [
        [1, 2],
        [1, 2],
      ],
      [1, 2],
      {},
      'RangeError: Cannot evaluate: expected class indices below 2, got 2',
    ],
    [[[1], [1]], [1, 2], {}, 'RangeError: Cannot evaluate: expected class indices below 2, got 2'],
    [
      [[1.2]],
      [1],
      { output: 'probabilities' },
      'RangeError: Cannot evaluate: expected probabilities in [0, 1], got 1.2000000476837158; are the outputs logits?',
    ],
    [
      [[-0.5, 1.5]],
      [1],
      { output: 'probabilities' },
      'RangeError: Cannot evaluate: expected probabilities in [0, 1], got -0.5; are the outputs logits?',
    ],
  ])(
    'evaluateOn rejects outputs that cannot be right: %#',
    async (rows, labels, options, message) => {
      const before = memory().numTensors
      expect(await lateRefusalOf(() => evaluated(rows, labels, options))).toBe(message)
      expect(memory().numTensors).toBe(before)
    },
  )

  test('evaluateOn rejects one-hot rows of another number of classes', async () => {
    const labels = tensor2d([[0, 1, 0]])
    expect(await lateRefusalOf(() => evaluated([[1, 2]], labels))).toBe(
      'TypeError: Cannot evaluate: expected labels of 2 columns as the model has classes, got 3',
    )
    labels.dispose()
  })

  test('evaluateOn rejects a model of several outputs, or of outputs that are no rows', async () => {
    const images = sequential({
      layers: [layers.reshape({ targetShape: [1, 2], inputShape: [2] })],
    })
    const [xs, heads, square] = [tensor2d([[1, 2]]), twoHeads(), echo(2)]
    const evaluate = evaluateOn({ xs, ys: [1] }, { positiveClass: 1, output: 'logits' })
    const before = memory().numTensors
    expect(await lateRefusalOf(async () => evaluate(heads))).toBe(
      'TypeError: Cannot evaluate: expected a model with one output, got 2',
    )
    expect(await lateRefusalOf(async () => evaluate(images))).toBe(
      'TypeError: Cannot evaluate: expected outputs of shape [n], [n, 1] or [n, classes], got [1, 1, 2]',
    )
    expect(memory().numTensors).toBe(before)
    for (const one of [images, xs, heads, square]) one.dispose()
  })
})
