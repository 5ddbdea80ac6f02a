import { mean, memory, type Scalar, square, type Tensor, train } from '@tensorflow/tfjs-core'
import { maskedOptimizer } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainingData } from '../support/training.js'

test.each([true, false])(
  'minimize of a masked optimizer leaves no tensor where its step throws, returnCost %s',
  (returnCost) => {
    const model = smallModel()
    const inner = train.sgd(0.1)
    inner.applyGradients = () => {
      throw new Error('no step today')
    }
    const optimizer = maskedOptimizer(model, inner, everyFourth(model))
    const { xs } = trainingData()
    const loss = () => mean(square(model.apply(xs) as Tensor)) as Scalar
    const before = memory().numTensors
    expect(() => optimizer.minimize(loss, returnCost)).toThrow('no step today')
    expect(memory().numTensors).toBe(before)
    optimizer.dispose()
    xs.dispose()
    model.dispose()
  },
)
