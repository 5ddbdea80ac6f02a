import { memory, type Scalar, type Tensor, tensor, valueAndGrads } from '@tensorflow/tfjs-core'
import { classDependent, weightedCrossentropy } from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import type { Loss, Rows } from '../../src/types.js'

const rows = (values: readonly number[], shape: number[]): Rows => ({
  values: Float32Array.from(values),
  shape,
})

const toTensor = ({ values, shape }: Rows) => tensor(values, shape)

/** The loss and its gradient by tfjs. */
function byTensors(loss: Loss, yTrue: Rows, yPred: Rows) {
  const [labels, outputs] = [toTensor(yTrue), toTensor(yPred)]
  const { value, grads } = valueAndGrads((z: Tensor): Scalar => loss(labels, z))([outputs])
  const found = { value: value.dataSync()[0]!, gradient: [...grads[0]!.dataSync()] }
  for (const one of [labels, outputs, value, ...grads]) one.dispose()
  return found
}

const logits = [0.3, -1.2, 2.5, 0, 80, -80, 1.5, 1.5, -3, 4, 0.1, -0.2]
const batches: Record<string, [Rows, Rows]> = {
  'classes, [n]': [rows([0, 2, 1, 2], [4]), rows(logits, [4, 3])],
  'classes, [n, 1]': [rows([0, 2, 1, 2], [4, 1]), rows(logits, [4, 3])],
  'a label that is no class': [rows([0, 7, -1, 0.5], [4]), rows(logits, [4, 3])],
  'rows of labels': [
    rows([1, 0, 0, 0, 0, 1, 0.2, 0.3, 0.5, 0, 1, 0], [4, 3]),
    rows(logits, [4, 3]),
  ],
  'two classes': [rows([0, 1, 1, 0, 1, 0], [6]), rows(logits, [6, 2])],
  'one output, [n]': [rows([0, 1, 1, 0, 1, 0], [6]), rows(logits.slice(0, 6), [6])],
  'one output, [n, 1]': [rows([0, 1, 1, 0, 1, 0], [6, 1]), rows(logits.slice(0, 6), [6, 1])],
  'one output, soft labels': [rows([0.2, 0.9, 1, 0, 2, -1], [6]), rows(logits.slice(0, 6), [6, 1])],
  'one output, rows of labels': [
    rows([1, 0, 0, 1, 0.3, 0.7], [3, 2]),
    rows(logits.slice(0, 3), [3, 1]),
  ],
}

const losses: Record<string, (classes: number) => Loss> = {
  plain: () => weightedCrossentropy(),
  weighted: () => weightedCrossentropy({ weights: 5, output: 'logits' }),
  'of weights as they are': (classes) =>
    weightedCrossentropy({ weights: classes === 3 ? [1, 4, 0.5] : [2, 3], normalise: false }),
  'of the paper, without ranks': () => classDependent({ gamma: 10, positiveClass: 0 }),
}

describe('cross-entropy of rows', () => {
  for (const [what, make] of Object.entries(losses)) {
    it.each(Object.keys(batches))(`${what} is that of tensors: %s`, (name) => {
      const [yTrue, yPred] = batches[name]!
      const loss = make(yPred.shape[1] === 3 ? 3 : 2)
      const wanted = byTensors(loss, yTrue, yPred)
      const tensors = memory().numTensors
      const found = loss.onRows!(yTrue, yPred)
      expect(memory().numTensors).toBe(tensors)
      expect(found.value / wanted.value).toBeCloseTo(1, 6)
      expect(found.gradient.length).toBe(yPred.values.length)
      for (const [i, slope] of found.gradient.entries())
        expect(slope).toBeCloseTo(wanted.gradient[i]!, 6)
    })
  }

  it('is ln 2 for a score of 0, with half the weight as its slope', () => {
    const loss = weightedCrossentropy({ weights: 3 })
    // The weights are 0.5 and 1.5.
    const { value, gradient } = loss.onRows!(rows([1, 0], [2]), rows([0, 0], [2, 1]))
    expect(value).toBeCloseTo(Math.LN2, 12)
    expect([...gradient]).toEqual([-0.375, 0.125])
  })

  it('is NaN where a score is', () => {
    const { value } = weightedCrossentropy().onRows!(rows([1, 0], [2]), rows([Number.NaN, 0], [2]))
    expect(value).toBeNaN()
  })

  it('refuses what the loss refuses', () => {
    const { onRows } = weightedCrossentropy()
    const refused = () => onRows!(rows([1, 0, 1], [3]), rows([0, 0], [2, 1]))
    expect(refused).toThrow(/expected yTrue of shape \[2\], \[2, 1\] or \[2, 2\], got \[3\]/)
  })

  it('is left to tensors where outputs are probabilities, or ranks count', () => {
    expect(weightedCrossentropy({ output: 'probabilities' }).onRows).toBeUndefined()
    expect(weightedCrossentropy().forOutput!('probabilities').onRows).toBeUndefined()
    expect(weightedCrossentropy().forOutput!('logits').onRows).toBeDefined()
    expect(classDependent({ lambda: 5 }).onRows).toBeUndefined()
  })
})
