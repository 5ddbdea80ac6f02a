import { expect, test } from 'vitest'
import { applyMask } from '../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { optimizers, stepsOf } from '../support/optimizers.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainingData } from '../support/training.js'
import { countAlive, countRevived } from '../support/weights.js'

const quick = { batchSize: 4, epochs: 1, shuffle: false, yieldEvery: 'never', verbose: 0 } as const

test.each(Object.keys(optimizers))(
  'maskedOptimizer revives no weight in hundreds of steps of fit with %s',
  async (kind) => {
    const model = smallModel()
    const mask = everyFourth(model)
    applyMask(model, mask)
    const held = maskedOptimizer(model, optimizers[kind]!(), mask)
    model.compile({ optimizer: held, loss: 'meanSquaredError' })
    const { xs, ys } = trainingData(4 * stepsOf(kind))
    const { history } = await model.fit(xs, ys, quick)
    expect(Number.isFinite(history.loss!.at(-1))).toBe(true)
    expect(held.iterations).toBe(stepsOf(kind))
    expect(countRevived(model, mask)).toBe(0)
    expect(countAlive(model, mask)).toBe(mask.kept)
    held.dispose()
    xs.dispose()
    ys.dispose()
  },
)
