import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { onnxDifference } from '../support/differences.js'

type RecurrentArgs = Parameters<typeof layers.lstm>[0]

// The stock start of recurrent kernels takes long.
const start = { recurrentInitializer: 'glorotUniform' } as const
const makers = {
  simpleRNN: (args: RecurrentArgs) => layers.simpleRNN({ ...start, ...args }),
  lstm: (args: RecurrentArgs) => layers.lstm({ ...start, ...args }),
  gru: (args: RecurrentArgs) =>
    layers.gru({ ...start, ...args } as Parameters<typeof layers.gru>[0]),
}
const kinds = Object.entries(makers)
const opsets = [13, 22]

const over = (...stack: layers.Layer[]) => fillWeights(sequential({ layers: stack }))

async function differences(net: LayersModel, open = 5): Promise<number> {
  try {
    const all: number[] = []
    for (const opset of opsets)
      all.push(await onnxDifference(net, { open, batches: [2], options: { opset } }))
    return Math.max(...all)
  } finally {
    net.dispose()
  }
}

describe.each(kinds)('%s as ONNX', (_, make) => {
  test('toOnnx writes a stack over open steps', async () => {
    const first = make({ units: 3, returnSequences: true, inputShape: [null, 4] as number[] })
    expect(await differences(over(first, make({ units: 2 })))).toBeLessThan(1e-5)
  })

  test('toOnnx writes a layer without bias that goes backwards, and its states', async () => {
    const x = input({ shape: [4, 3] })
    const options = { returnSequences: true, returnState: true, goBackwards: true, useBias: false }
    const outputs = make({ units: 2, ...options }).apply(x) as ReturnType<typeof input>[]
    const net = fillWeights(model({ inputs: x, outputs }))
    expect(await differences(net)).toBeLessThan(1e-5)
  })

  test('toOnnx writes initial states that are inputs', async () => {
    const sizes = make === makers.lstm ? [3, 3] : [3]
    const [x, ...states] = [input({ shape: [4, 2] }), ...sizes.map((n) => input({ shape: [n] }))]
    const layer = make({ units: 3 })
    const outputs = layer.apply([x!, ...states]) as ReturnType<typeof input>
    const net = fillWeights(model({ inputs: [x!, ...states], outputs }))
    expect(await differences(net)).toBeLessThan(1e-5)
  })

  test.each([
    ['linear', 'sigmoid'],
    ['relu', 'hardSigmoid'],
    ['elu', 'softplus'],
    ['softsign', 'tanh'],
  ] as const)('toOnnx writes %s and %s as its activations', async (activation, gate) => {
    const args = { units: 2, activation, recurrentActivation: gate, inputShape: [3, 2] }
    expect(await differences(over(make(args)))).toBeLessThan(1e-5)
  })

  test('toOnnx refuses an activation that ONNX has for no recurrent layer', async () => {
    const net = over(make({ units: 2, activation: 'selu', name: 'memory', inputShape: [3, 2] }))
    await expect(toOnnx(net)).rejects.toThrow(/memory .*: its activation is selu/)
    net.dispose()
  })

  test('toOnnx refuses a stateful layer', async () => {
    const net = over(make({ units: 2, stateful: true, batchInputShape: [2, 3, 2] }))
    await expect(toOnnx(net)).rejects.toThrow(/it is stateful; hand its states in and out/)
    net.dispose()
  })
})

type RNNCell = ReturnType<typeof layers.gruCell>

describe('RNN as ONNX', () => {
  test.each([
    ['a SimpleRNNCell', () => layers.simpleRNNCell({ units: 3, ...start })],
    ['an LSTMCell', () => layers.lstmCell({ units: 3, ...start })],
    ['a GRUCell', () => layers.gruCell({ units: 3, ...start })],
  ])('toOnnx writes an RNN over %s', async (_, cell) => {
    const net = over(layers.rnn({ cell: cell(), returnSequences: true, inputShape: [3, 2] }))
    expect(await differences(net)).toBeLessThan(1e-5)
  })

  const stacked = () => [
    layers.gruCell({ units: 3, ...start }),
    layers.lstmCell({ units: 2, ...start }),
    layers.simpleRNNCell({ units: 4, ...start }),
  ]

  test.each([
    ['the last output', {}],
    ['a sequence', { returnSequences: true }],
    ['a sequence from the end', { returnSequences: true, goBackwards: true }],
  ])('toOnnx writes stacked cells that give %s', async (_, args) => {
    const net = over(layers.rnn({ cell: stacked(), inputShape: [3, 2], ...args }))
    expect(await differences(net)).toBeLessThan(1e-5)
  })

  test('toOnnx writes stacked cells that take states and give them', async () => {
    const x = input({ shape: [3, 2] })
    const states = [4, 2, 2, 3].map((units) => input({ shape: [units] }))
    const rnn = layers.rnn({ cell: stacked(), returnState: true })
    const outputs = rnn.apply([x, ...states]) as SymbolicTensor[]
    const net = fillWeights(model({ inputs: [x, ...states], outputs }))
    expect(await differences(net)).toBeLessThan(1e-5)
  })

  test('toOnnx refuses stacked cells within stacked cells and tells the way on', async () => {
    const cell = [layers.stackedRNNCells({ cells: stacked() }), ...stacked()]
    const net = over(layers.rnn({ cell: cell as RNNCell[], inputShape: [3, 2] }))
    await expect(toOnnx(net)).rejects.toThrow('use a recurrent layer for each of them')
    net.dispose()
  })

  test('toOnnx refuses a stacked cell of its own that inherits a name', async () => {
    const stock = layers.gruCell({ units: 2 }).constructor as new (args: object) => RNNCell
    class Own extends stock {}
    const cell = [layers.gruCell({ units: 3, ...start }), new Own({ units: 2, ...start })]
    const net = over(layers.rnn({ cell, inputShape: [3, 2] }))
    await expect(toOnnx(net)).rejects.toThrow('a class of its own has inherited this name')
    net.dispose()
  })
})
