import {
  cast,
  concat,
  memory,
  oneHot,
  reshape,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  train,
  variable,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { classDependent } from '../../src/losses/class-dependent.js'
import { type DistillationOptions, distillation } from '../../src/losses/distillation.js'
import { falseNegativeBudget } from '../../src/losses/false-negative-budget.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import golden from '../golden/distillation.json'
import { refusalOf } from '../support/refusal-of.js'
import { distance, gradientOf, sum } from './gradient-of.js'

const cases = golden.cases.map((one) => ({
  ...one,
  title: `[${one.shape}] ${JSON.stringify(one.options)}`,
}))

/** Labels beside logits, one row a sample. */
const beside = (labels: Tensor, logits: Tensor) =>
  concat([reshape(labels, [logits.shape[0]!, -1]), logits] as never, 1)

/** Three samples of two classes and what a teacher says of them. */
const taught = () => tensor2d([1, 0.5, 2, 0, -1, -3, 0, 0, 1], [3, 3])

describe('distillation', () => {
  it.each(cases)(
    'distillation agrees with PyTorch: $title',
    ({ options, labels, teacher, shape, outputs, ...wanted }) => {
      const { weights = 1, ...others } = options as DistillationOptions & { weights?: number }
      const { output = 'logits', temperature = 4 } = others
      const loss = distillation({ ...others, loss: weightedCrossentropy({ weights, output }) })
      const classes = Math.max(shape[1] ?? 1, 2)
      const indices = tensor1d(labels, 'float32')
      const logits = tensor2d(teacher, [labels.length, classes])
      for (const rows of [indices, cast(oneHot(tensor1d(labels, 'int32'), classes), 'float32')]) {
        const { value, gradient } = gradientOf(loss, beside(rows, logits), tensor(outputs, shape))
        // The divergence is small where T is large, a difference of logarithms, and multiplied by
        // T^2 then.
        expect(distance([value], [wanted.value])).toBeLessThan(2e-6 + 1e-7 * temperature ** 2)
        expect(distance(gradient, wanted.gradient)).toBeLessThan(4e-6)
      }
    },
  )

  it('distillation without a share of the teacher is the loss of the labels', () => {
    const loss = classDependent({ gamma: 5, lambda: 2 })
    const outputs = tensor2d([0.2, 1, -1, 0.4, 3, 2], [3, 2])
    const plain = gradientOf(loss, tensor1d([1, 0, 0]), outputs)
    expect(gradientOf(distillation({ weight: 0, loss }), taught(), outputs)).toEqual(plain)
  })

  it('distillation from the teacher alone does not look at the labels, and is 0 at his scores', () => {
    const loss = distillation({ weight: 1 })
    const other = tensor2d([0, 0.5, 2, 1, -1, -3, 1, 0, 1], [3, 3])
    const outputs = tensor2d([0.2, 1, -1, 0.4, 3, 2], [3, 2])
    expect(gradientOf(loss, taught(), outputs)).toEqual(gradientOf(loss, other, outputs))
    const same = gradientOf(loss, taught(), tensor2d([0.5, 2, -1, -3, 0, 1], [3, 2]))
    expect(same.value).toBeCloseTo(0, 6)
    expect(sum(same.gradient.map(Math.abs))).toBeLessThan(1e-6)
  })

  it('distillation with one output is that with the outputs 0 and z', () => {
    const one = gradientOf(distillation(), taught(), tensor1d([0.3, -1, 2]))
    const two = gradientOf(distillation(), taught(), tensor2d([0, 0.3, 0, -1, 0, 2], [3, 2]))
    expect(two.value).toBeCloseTo(one.value, 6)
    for (const [i, slope] of one.gradient.entries())
      expect(two.gradient[2 * i + 1]).toBeCloseTo(slope, 6)
  })

  it('distillation keeps the size of the gradient as the temperature grows', () => {
    const size = (temperature: number) => {
      const loss = distillation({ weight: 1, temperature })
      return sum(
        gradientOf(loss, taught(), tensor2d([1, 0, 0, 1, 1, 1], [3, 2])).gradient.map(Math.abs),
      )
    }
    expect(size(1000) / size(100)).toBeCloseTo(1, 1)
  })

  it('distillation and its gradient are finite for scores of 80, all wrong', () => {
    const rows = tensor2d([1, -80, 80, 0, 80, -80], [2, 3])
    for (const temperature of [0.5, 4]) {
      const { value, gradient } = gradientOf(
        distillation({ temperature }),
        rows,
        tensor2d([80, -80, -80, 80], [2, 2]),
      )
      expect([value, ...gradient].every(Number.isFinite)).toBe(true)
      expect(value).toBeGreaterThan(50)
    }
    const saturated = distillation({ output: 'probabilities' })
    expect(gradientOf(saturated, rows, tensor1d([0, 1])).gradient.every(Number.isFinite)).toBe(true)
  })

  it('distillation is NaN where a score or a logit of the teacher is', () => {
    const outputs = tensor2d([0.2, 1, -1, 0.4, 3, Number.NaN], [3, 2])
    expect(gradientOf(distillation(), taught(), outputs).value).toBeNaN()
    const rows = tensor2d([1, Number.NaN, 2], [1, 3])
    expect(gradientOf(distillation(), rows, tensor1d([1])).value).toBeNaN()
  })

  it('distillation leaves no tensors, with and without a gradient', async () => {
    const [rows, outputs] = [taught(), tensor1d([0.1, 0.2, 0.3])]
    await expect(() => distillation()(rows, outputs).dispose()).toLeaveNoTensors()
    await expect(() => gradientOf(distillation(), rows, outputs)).toLeaveNoTensors()
  })

  it('distillation says what it was made with, and no positive class that fit would look for', () => {
    const loss = weightedCrossentropy({ weights: 3, output: 'probabilities' })
    const { settings } = distillation({ loss, temperature: 2 })
    expect(settings).toEqual({
      temperature: 2,
      weight: 0.5,
      output: 'probabilities',
      loss: loss.settings,
    })
  })

  it('distillation rejects labels without a teacher, and shapes that do not fit', () => {
    const attempts: [Tensor, Tensor, string][] = [
      [tensor1d([1, 0]), tensor1d([1, 2]), '[2, 3] or [2, 4] (see withTeacher), got [2]'],
      [
        tensor2d([1, 0, 0, 1], [2, 2]),
        tensor1d([1, 2]),
        '[2, 3] or [2, 4] (see withTeacher), got [2,2]',
      ],
      [
        tensor2d([1, 0], [1, 2]),
        tensor2d([1, 2], [1, 2]),
        '[1, 3] or [1, 4] (see withTeacher), got [1,2]',
      ],
      [
        tensor2d([1, 0, 0], [1, 3]),
        tensor2d([1, 2, 3, 4], [2, 2]),
        '[2, 3] or [2, 4] (see withTeacher), got [1,3]',
      ],
      [
        tensor2d([1, 0, 0], [1, 3]),
        tensor2d([1, 2, 3], [1, 3]),
        '[1, 4] or [1, 6] (see withTeacher), got [1,3]',
      ],
    ]
    for (const [rows, outputs, end] of attempts) {
      const message = `TypeError: Cannot compute distillation: expected yTrue of shape ${end}`
      expect(refusalOf(() => distillation()(rows, outputs))).toBe(message)
    }
    const refusal = refusalOf(() => distillation()(taught(), tensor([1, 2, 3], [3, 1, 1])))
    expect(refusal).toContain('expected yPred of shape [n], [n, 1] or [n, classes], got [3,1,1]')
  })

  it('distillation rejects options out of range when it is made', () => {
    const make = (options: unknown) => refusalOf(() => distillation(options as DistillationOptions))
    const cannot = 'Cannot make distillation: expected'
    expect(make({ temperature: 0 })).toBe(
      `RangeError: ${cannot} temperature to be a finite number above 0, got 0`,
    )
    expect(make({ temperature: '4' })).toBe(
      `TypeError: ${cannot} temperature to be a finite number above 0, got "4"`,
    )
    expect(make({ weight: 1.5 })).toBe(
      `RangeError: ${cannot} weight to be a number in [0, 1], got 1.5`,
    )
    expect(make({ weight: Number.NaN })).toContain('RangeError')
    expect(make({ output: 'scores' })).toBe(
      `RangeError: ${cannot} output to be 'auto' or 'logits' or 'probabilities', got "scores"`,
    )
    expect(make({ loss: {} })).toBe(`TypeError: ${cannot} a function as loss, got object`)
    const ofLogits = weightedCrossentropy({ output: 'logits' })
    expect(make({ loss: ofLogits, output: 'probabilities' })).toBe(
      `RangeError: ${cannot} losses of one output, got probabilities and logits`,
    )
    const updated = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 })
    expect(make({ loss: updated })).toBe(
      `RangeError: ${cannot} a loss without an update step, got one with it`,
    )
    expect(make({ teacher: 1 })).toContain('TypeError')
  })

  it('distillation trains with model.fitDataset, one output and two, where model.fit refuses the labels', async () => {
    const xs = tensor([-2, -1, -0.5, 0.4, 1, 2.5], [6, 1])
    const ys = tensor2d(
      [0, 0, 0, 1, 1, 1].flatMap((label) => [label, -label, label]),
      [6, 3],
    )
    for (const units of [1, 2]) {
      const model = sequential({
        layers: [layers.dense({ units, inputShape: [1], kernelInitializer: 'zeros' })],
      })
      model.compile({ optimizer: train.sgd(0.1), loss: distillation() })
      await expect(model.fit(xs, ys)).rejects.toThrow('target expected a batch of elements')
      const batches = {
        iterator: async () => [{ xs: xs.clone(), ys: ys.clone() }][Symbol.iterator](),
      }
      const { history } = await model.fitDataset(batches as never, { epochs: 6, verbose: 0 })
      expect(history.loss?.at(-1)).toBeLessThan(0.9 * (history.loss?.[0] as number))
      model.dispose()
    }
  })

  it("distillation trains in a loop of one's own without leaving tensors", () => {
    const rows = taught()
    const scores = variable(tensor1d([0, 0, 0]))
    const optimizer = train.sgd(0.2)
    const step = () => {
      const cost = optimizer.minimize(() => distillation()(rows, scores), true)!
      const [value = Number.NaN] = cost.dataSync()
      cost.dispose()
      return value
    }
    const first = step()
    const before = memory().numTensors
    for (let i = 0; i < 20; i++) step()
    expect(memory().numTensors).toBe(before)
    expect(step()).toBeLessThan(0.9 * first)
  })
})
