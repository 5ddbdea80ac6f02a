import { expect, test } from 'vitest'
import { alexNet } from '../../experiments/class-dependent/networks/alex-net.js'
import { cnn } from '../../experiments/class-dependent/networks/cnn.js'
import { separable } from '../../experiments/class-dependent/networks/separable.js'

test.each(Object.entries({ alexNet, cnn, separable }))(
  '%s names its weights, so that a stored dense round fits the next one',
  async (_, network) => {
    const models = [
      await network.build([64, 64, 3], 1),
      await network.build([64, 64, 3], 1),
      await network.build([64, 64, 3], 2),
    ]
    const names = models.map(({ weights }) => weights.map(({ originalName }) => originalName))
    expect(names[1]).toEqual(names[0])
    const values = models.map((model) =>
      model.getWeights().map((value) => value.dataSync().slice(0, 9)),
    )
    expect(values[1]).toEqual(values[0])
    expect(values[2]).not.toEqual(values[0])
    for (const model of models) model.dispose()
  },
)
