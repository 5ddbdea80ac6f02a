import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { onnxDifference } from '../support/differences.js'
import { opsetDifference } from '../support/opset-differences.js'

type Bidirectional = Parameters<typeof layers.bidirectional>[0]
type Inner = Bidirectional['layer']

const start = { units: 3, recurrentInitializer: 'glorotUniform' } as const
const inner = {
  simpleRNN: (args = {}) => layers.simpleRNN({ ...start, ...args }) as unknown as Inner,
  gru: (args = {}) => layers.gru({ ...start, ...args }) as unknown as Inner,
  lstm: (args = {}) => layers.lstm({ ...start, ...args }) as unknown as Inner,
}
const modes = ['concat', 'sum', 'ave', 'mul', null] as const

function outputsOf(layer: Inner, mergeMode: (typeof modes)[number]) {
  const x = input({ shape: [null, 2] })
  const wrapper = layers.bidirectional({ layer, mergeMode: mergeMode as 'sum' })
  const outputs = wrapper.apply(x) as SymbolicTensor[]
  return fillWeights(model({ inputs: x, outputs }))
}

describe('Bidirectional as ONNX', () => {
  test.each(modes)('toOnnx merges the outputs of all steps by %s', async (mode) => {
    const net = outputsOf(inner.lstm({ returnSequences: true }), mode)
    expect(await opsetDifference(net, { batches: [2] })).toBeLessThan(1e-5)
  })

  test.each(['simpleRNN', 'gru'] as const)(
    'toOnnx writes both directions of a %s',
    async (kind) => {
      const net = outputsOf(inner[kind]({ returnSequences: true }), 'concat')
      expect(await opsetDifference(net, { batches: [2] })).toBeLessThan(1e-5)
    },
  )

  test.each(modes)('toOnnx merges the last outputs by %s', async (mode) => {
    const net = outputsOf(inner.gru(), mode)
    expect(await opsetDifference(net, { batches: [2] })).toBeLessThan(1e-5)
  })

  test('toOnnx gives the states of both directions', async () => {
    for (const mode of ['concat', null] as const) {
      const net = outputsOf(inner.lstm({ returnState: true, returnSequences: true }), mode)
      expect(net.outputs.length).toBeGreaterThan(4)
      expect(await opsetDifference(net, { batches: [2] })).toBeLessThan(1e-5)
    }
  })

  test('toOnnx writes initial states of both directions', async () => {
    const x = input({ shape: [4, 2] })
    const states = Array.from({ length: 4 }, () => input({ shape: [3] }))
    const wrapper = layers.bidirectional({ layer: inner.lstm(), mergeMode: 'concat' })
    const outputs = wrapper.apply([x, ...states]) as SymbolicTensor
    const net = fillWeights(model({ inputs: [x, ...states], outputs }))
    expect(await opsetDifference(net, { batches: [2] })).toBeLessThan(1e-5)
  })

  test('toOnnx writes a stack of two', async () => {
    const args = { mergeMode: 'concat' as const }
    const first = inner.lstm({ returnSequences: true })
    const net = sequential({
      layers: [
        layers.bidirectional({ ...args, layer: first, inputShape: [5, 2] }),
        layers.bidirectional({ ...args, layer: inner.gru() }),
      ],
    })
    expect(await opsetDifference(fillWeights(net), { batches: [2] })).toBeLessThan(1e-5)
  })

  test.each([
    ['float16', 1e-3],
    ['int8', 0.05],
  ] as const)('toOnnx stores the kernels of both directions as %s', async (values, most) => {
    const net = outputsOf(inner.lstm({ returnSequences: true }), 'concat')
    const difference = await onnxDifference(net, { options: { values }, batches: [2] })
    expect(difference).toBeGreaterThan(1e-6)
    expect(difference).toBeLessThan(most)
    net.dispose()
  })

  test('toOnnx refuses an inner layer that goes backwards', async () => {
    const net = outputsOf(inner.gru({ goBackwards: true }), 'concat')
    await expect(toOnnx(net)).rejects.toThrow('wrap a layer that goes forwards')
    net.dispose()
  })
})
