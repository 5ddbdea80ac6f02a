import '@tensorflow/tfjs-layers' // registers the gradients
import { argMax, grad, oneHot, sum, Tensor, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it, vi } from 'vitest'
import { type AdjustLogitsOptions, adjustLogits } from '../../src/losses/adjust-logits.js'
import { logitAdjusted } from '../../src/losses/logit-adjusted.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { distance, gradientOf } from './gradient-of.js'

const numbers = (result: Tensor) => [...result.dataSync()]

describe('adjustLogits', () => {
  it('adjustLogits takes strength log pi off the logits of each class', () => {
    const adjusted = adjustLogits(tensor([1, 2, 3, 4, 5, 6], [2, 3]), {
      counts: [50, 40, 10],
      strength: 2,
    })
    const shift = [0.5, 0.4, 0.1].map((prior) => 2 * Math.log(prior))
    const wanted = [1, 2, 3, 4, 5, 6].map((z, k) => z - shift[k % 3]!)
    expect(adjusted.shape).toEqual([2, 3])
    expect(distance(numbers(adjusted), wanted)).toBeLessThan(1e-6)
  })

  it.each([[[3]], [[3, 1]]])(
    'adjustLogits takes the log-odds of the shares off one output of shape [%j]',
    (shape) => {
      const adjusted = adjustLogits(tensor([1, -2, 0.5], shape), { priors: [0.9, 0.1] })
      expect(adjusted.shape).toEqual(shape)
      const wanted = [1, -2, 0.5].map((z) => z + Math.log(9))
      expect(distance(numbers(adjusted), wanted)).toBeLessThan(1e-6)
    },
  )

  it('adjustLogits gives one output z the order and threshold of the two outputs -z/2 and z/2', () => {
    const scores = [-3, -2.3, -2.1, 0.4, 5]
    const columns = tensor(
      scores.flatMap((z) => [-z / 2, z / 2]),
      [5, 2],
    )
    const one = numbers(adjustLogits(tensor1d(scores), { counts: [900, 100] }))
    const two = numbers(argMax(adjustLogits(columns, { counts: [900, 100] }), 1))
    expect(two).toEqual(one.map((z) => Number(z > 0)))
    expect(two).toEqual([0, 0, 1, 1, 1])
  })

  it('adjustLogits undoes the shift of logitAdjusted', () => {
    const labels = tensor1d([1, 0, 2, 2])
    const outputs = tensor([0.4, -1, 0.2, 1.5, 0.3, -0.7, 0, 0.1, 0.9, -0.2, 0.6, 0.5], [4, 3])
    const options = { counts: [70, 20, 10], strength: 1.3 }
    const there = gradientOf(logitAdjusted(options), labels, adjustLogits(outputs, options))
    const plain = gradientOf(weightedCrossentropy(), labels, outputs)
    expect(there.value).toBeCloseTo(plain.value, 5)
    expect(distance(there.gradient, plain.gradient)).toBeLessThan(1e-6)
  })

  it('adjustLogits finds the class that makes the fewest errors per class, where logits say the likeliest', () => {
    const counts = [
      [60, 8, 1],
      [30, 9, 2],
      [10, 3, 7],
    ]
    const totals = [100, 20, 10]
    const logits = tensor(
      counts.flatMap((row) => row.map(Math.log)),
      [3, 3],
    )
    const recall = (predicted: number[]) =>
      predicted.reduce((total, c, x) => total + counts[x]![c]! / totals[c]! / 3, 0)
    const plain = recall(numbers(argMax(logits, 1)))
    const adjusted = recall(numbers(argMax(adjustLogits(logits, { counts: totals }), 1)))
    const all = [0, 1, 2].flatMap((a) =>
      [0, 1, 2].flatMap((b) => [0, 1, 2].map((c) => recall([a, b, c]))),
    )
    expect(adjusted).toBeCloseTo(Math.max(...all), 12)
    expect(plain).toBeLessThan(adjusted - 0.2)
  })

  it('adjustLogits leaves logits as they are with strength 0, and their tensor alone', () => {
    const logits = tensor([1, -2, 3, 50], [2, 2])
    expect(numbers(adjustLogits(logits, { counts: [9, 1], strength: 0 }))).toEqual([1, -2, 3, 50])
    adjustLogits(logits, { counts: [9, 1] }).dispose()
    expect(numbers(logits)).toEqual([1, -2, 3, 50])
  })

  it('adjustLogits passes NaN on and lets gradients through', () => {
    const adjusted = numbers(adjustLogits(tensor1d([Number.NaN, 1]), { counts: [9, 1] }))
    expect(adjusted[0]).toBeNaN()
    expect(adjusted[1]).toBeCloseTo(1 + Math.log(9), 5)
    const slope = grad((x: Tensor) => sum(adjustLogits(x, { counts: [9, 1] })))(
      tensor([1, 2], [1, 2]),
    )
    expect(numbers(slope)).toEqual([1, 1])
  })

  it('adjustLogits leaves one tensor, for the caller, and reads none back', async () => {
    const logits = tensor([1, 2, 3, 4, 5, 6], [2, 3])
    await expect(() => adjustLogits(logits, { counts: [3, 2, 1] }).dispose()).toLeaveNoTensors()
    const read = vi.spyOn(Tensor.prototype, 'dataSync')
    tidy(() => adjustLogits(logits, { counts: [3, 2, 1] }))
    expect(read).not.toHaveBeenCalled()
    read.mockRestore()
  })

  it('adjustLogits rejects shapes, counts and options that do not fit', () => {
    const cannot = 'Cannot adjust logits: expected'
    const adjust = (logits: Tensor, options: unknown) => () =>
      adjustLogits(logits, options as AdjustLogitsOptions)
    const two = tensor([1, 2], [1, 2])
    expect(adjust(oneHot(tensor([0], [1, 1], 'int32'), 2), { counts: [1, 2] })).toThrow(
      new TypeError(`${cannot} logits of shape [n], [n, 1] or [n, classes], got [1,1,2]`),
    )
    expect(adjust(two, { counts: [1, 2, 3] })).toThrow(
      new TypeError(`${cannot} one count for each of 2 classes, got 3`),
    )
    expect(adjust(tensor1d([1]), { priors: [1, 2, 3] })).toThrow(
      new TypeError(`${cannot} one prior for each of 2 classes, got 3`),
    )
    expect(adjust(two, undefined)).toThrow(
      new TypeError(`${cannot} an object of options, got undefined`),
    )
    expect(adjust(two, {})).toThrow(new TypeError(`${cannot} either counts or priors, got neither`))
    expect(adjust(two, { counts: [1, 0] })).toThrow(RangeError)
    expect(adjust(two, { counts: [1, 2], strength: Number.NaN })).toThrow(
      new RangeError(`${cannot} strength to be a finite number of at least 0, got NaN`),
    )
    expect(adjust(two, { counts: [1, 2], output: 'logits' })).toThrow(
      new TypeError(`${cannot} options among counts, priors, strength, got output`),
    )
  })
})
