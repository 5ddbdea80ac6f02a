import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { selectWeights } from '../../src/select/select-weights.js'
import { refusalOf } from '../support/refusal-of.js'
import { through } from '../support/through.js'

const dense = (name: string, args = {}) => layers.dense({ name, units: 3, ...args })
const recurrent = { units: 2, recurrentInitializer: 'glorotNormal' as const }

/** Models with something frozen under the path `frozen` and a free `out` behind it. */
const frozenModels: Record<string, () => LayersModel> = {
  'a layer by its option': () =>
    sequential({ layers: [dense('frozen', { inputShape: [3], trainable: false }), dense('out')] }),
  'a layer afterwards': () => {
    const built = sequential({ layers: [dense('frozen', { inputShape: [3] }), dense('out')] })
    built.layers[0]!.trainable = false
    return built
  },
  'a recurrent layer by its option': () => {
    const frozen = layers.lstm({
      name: 'frozen',
      ...recurrent,
      inputShape: [4, 3],
      trainable: false,
    })
    return sequential({ layers: [frozen, dense('out')] })
  },
  'a recurrent layer afterwards': () => {
    const built = sequential({
      layers: [layers.gru({ name: 'frozen', ...recurrent, inputShape: [4, 3] }), dense('out')],
    })
    built.layers[0]!.trainable = false
    return built
  },
  'both directions of a wrapper': () => {
    const layer = layers.simpleRNN(recurrent) as layers.RNN
    const frozen = layers.bidirectional({
      name: 'frozen',
      layer,
      mergeMode: 'concat',
      inputShape: [4, 3],
    })
    const built = sequential({ layers: [frozen, dense('out')] })
    frozen.trainable = false
    return built
  },
  'a layer at each time step': () => {
    const frozen = layers.timeDistributed({
      name: 'frozen',
      layer: dense('inner'),
      inputShape: [4, 3],
    })
    const built = sequential({ layers: [frozen, dense('out')] })
    frozen.trainable = false
    return built
  },
  'a nested model and one within it': () => {
    const inner = sequential({ name: 'inner', layers: [dense('deep', { inputShape: [3] })] })
    const frozen = sequential({
      name: 'frozen',
      layers: [dense('first', { inputShape: [3] }), inner],
    })
    const built = sequential({ layers: [frozen, dense('out')] })
    frozen.trainable = false
    return built
  },
  'a nested model of a functional one': () => {
    const x = input({ shape: [3] })
    const frozen = sequential({ name: 'frozen', layers: [dense('first', { inputShape: [3] })] })
    const built = model({ inputs: x, outputs: through(dense('out'), through(frozen, x)) })
    frozen.trainable = false
    return built
  },
}

const kinds = Object.keys(frozenModels)

test.each(kinds)('selectWeights skips and reports %s that is frozen', (kind) => {
  const { weights, skipped } = selectWeights(frozenModels[kind]!(), { biases: true })
  expect(weights.map(({ name }) => name)).toEqual(['out/kernel', 'out/bias'])
  expect(skipped.length).toBeGreaterThan(0)
  for (const { layer, reason } of skipped) {
    expect(layer).toMatch(/^frozen/)
    expect(reason).toBe('the layer is frozen (trainable: false); frozen: true prunes it')
  }
})

test.each(kinds)('selectWeights takes %s that is frozen on request', (kind) => {
  const { weights, skipped } = selectWeights(frozenModels[kind]!(), { frozen: true })
  expect(weights.filter(({ layer }) => layer.startsWith('frozen')).length).toBeGreaterThan(0)
  expect(weights.at(-1)!.name).toBe('out/kernel')
  expect(skipped).toEqual([])
})

test('selectWeights reports a frozen layer once', () => {
  const { skipped } = selectWeights(frozenModels['a recurrent layer afterwards']!(), {
    biases: true,
  })
  expect(skipped).toEqual([
    {
      layer: 'frozen',
      className: 'GRU',
      reason: 'the layer is frozen (trainable: false); frozen: true prunes it',
    },
  ])
})

test('selectWeights says what is frozen when nothing else is there', () => {
  const frozen = sequential({
    layers: [dense('a', { inputShape: [3], trainable: false }), dense('b', { trainable: false })],
  })
  expect(refusalOf(() => selectWeights(frozen))).toBe(
    'RangeError: Cannot prune the model: expected at least one prunable weight, ' +
      'got none; a is skipped: the layer is frozen (trainable: false); frozen: true prunes it; ' +
      'b is skipped: the layer is frozen (trainable: false); frozen: true prunes it',
  )
})

test('selectWeights says that the layer which a name or pattern means is frozen', () => {
  const frozen = sequential({
    layers: [dense('trunk', { inputShape: [3], trainable: false }), dense('head')],
  })
  const expected = (option: string, got: string) =>
    `RangeError: Cannot select weights: expected ${option} to name one of head/kernel, got ${got}, ` +
    'left whole: the layer is frozen (trainable: false); frozen: true prunes it'
  const refused = (options: Parameters<typeof selectWeights>[1]) =>
    refusalOf(() => selectWeights(frozen, options))
  expect(refused({ include: 'trunk' })).toBe(expected('include', 'trunk'))
  expect(refused({ include: ['head', /^trunk/] })).toBe(expected('include', '/^trunk/'))
  expect(refused({ exclude: 'trunk/kernel' })).toBe(expected('exclude', 'trunk/kernel'))
  const limits = [{ include: 'trunk', minimumKept: 1 }]
  expect(refused({ limits })).toBe(expected('limits', 'trunk'))
})
