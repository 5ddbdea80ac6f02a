import { any, notEqual, serialization, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'
import { through } from '../../support/through.js'

const rnn = { units: 2, recurrentInitializer: 'glorotNormal' } as const
const masking = () => layers.masking({ name: 'hidden_steps' })
const words = () => layers.embedding({ name: 'words', inputDim: 5, outputDim: 3, maskZero: true })
const both = () =>
  layers.bidirectional({ layer: layers.gru(rnn) as layers.RNN, mergeMode: 'concat' })

async function refusal(shape: readonly number[], chain: readonly layers.Layer[]): Promise<string> {
  const x = input({ shape: [...shape] })
  const outputs = chain.reduce<SymbolicTensor>((value, layer) => through(layer, value), x)
  const source = await modelSource(model({ inputs: x, outputs }), { tensor })
  return refusalOf(() => readNetwork(source))
}

describe('a mask that a layer would obey is refused', () => {
  test.each([
    ['SimpleRNN', () => layers.simpleRNN(rnn)],
    ['LSTM', () => layers.lstm(rnn)],
    ['GRU', () => layers.gru(rnn)],
    ['Bidirectional', both],
    ['RNN', () => layers.rnn({ cell: layers.gruCell(rnn) as never })],
  ] as const)('by %s', async (className, reader) => {
    const message = await refusal([4, 3], [masking(), layers.dense({ units: 3 }), reader()])
    expect(message).toMatch(new RegExp(`no mask .*\\(${className}\\).* got that of hidden_steps`))
  })

  test('that of an embedding', async () => {
    expect(await refusal([4], [words(), layers.lstm(rnn)])).toMatch(/got that of words/)
  })

  test('in a nested model', async () => {
    const x = input({ shape: [4, 3] })
    const inner = model({ inputs: x, outputs: through(layers.lstm({ ...rnn, name: 'memory' }), x) })
    inner.name = 'inner'
    expect(await refusal([4, 3], [masking(), inner])).toMatch(/inner\/memory/)
  })
})

test('a mask that nobody obeys is none', async () => {
  expect(await refusal([4, 3], [masking(), layers.flatten(), layers.dense({ units: 2 })])).toBe(
    'no error',
  )
  expect(await refusal([4], [words(), layers.flatten()])).toBe('no error')
})

test('a wrapped model keeps its masks to itself', async () => {
  const inner = () => sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] })
  const wrapped = () => layers.timeDistributed({ layer: inner() as unknown as layers.Layer })
  expect(await refusal([4, 3], [wrapped(), layers.lstm(rnn)])).toBe('no error')
  // That of others still gets into it.
  expect(await refusal([4, 3], [masking(), wrapped()])).toMatch(/got that of hidden_steps/)
})

test('an embedding without a mask before a recurrent layer', async () => {
  const plain = layers.embedding({ inputDim: 5, outputDim: 3 })
  expect(await refusal([4], [plain, layers.lstm(rnn)])).toBe('no error')
})

/** A user's layer that hands its input on. */
class Through extends layers.Layer {
  static className = 'Through'

  override call(inputs: Tensor | Tensor[]): Tensor {
    return [inputs].flat()[0]!.clone()
  }
}
class HidesZeros extends Through {
  static override className = 'HidesZeros'
  override supportsMasking = true

  override computeMask(inputs: Tensor | Tensor[]): Tensor {
    return any(notEqual([inputs].flat()[0]!, 0), -1)
  }
}
for (const own of [Through, HidesZeros]) serialization.registerClass(own)

test("a user's layer with a rule for masks of its own", async () => {
  const hides = () => new HidesZeros({ name: 'hides' })
  expect(await refusal([4, 3], [hides(), layers.lstm(rnn)])).toMatch(/got that of hides/)
  expect(await refusal([4, 3], [hides(), layers.dense({ units: 2 })])).toBe('no error')
})

test("a user's layer without one", async () => {
  expect(await refusal([4, 3], [new Through({}), layers.lstm(rnn)])).toBe('no error')
  const message = await refusal([4, 3], [masking(), new Through({ name: 'own' })])
  expect(message).toMatch(/no mask that reaches own \(Through\)/)
})
