import { tensor, tidy } from '@tensorflow/tfjs-core'
import { initializers, input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { describe, expect, test, vi } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'
import { through } from '../../support/through.js'
import { expectSameOutputs, prunedWeights } from '../support/compare.js'
import { interpret } from '../support/interpret.js'

type Layer = layers.Layer

const image = [4, 5, 2]
const first = { dataFormat: 'channelsFirst' } as const
const plain = { units: 2, recurrentInitializer: 'glorotNormal' } as const

const cases: [name: string, shape: number[], () => Layer[]][] = [
  [
    'conv2d channelsFirst',
    [2, 5, 5],
    () => [layers.conv2d({ filters: 3, kernelSize: 2, ...first })],
  ],
  [
    'depthwise channelsFirst',
    [2, 5, 5],
    () => [layers.depthwiseConv2d({ kernelSize: 2, ...first })],
  ],
  ['pooling channelsFirst', [2, 4, 4], () => [layers.maxPooling2d({ ...first })]],
  ['global pooling channelsFirst', [2, 4, 4], () => [layers.globalAveragePooling2d({ ...first })]],
  ['flatten channelsFirst', image, () => [layers.flatten({ ...first })]],
  ['padding channelsFirst', image, () => [layers.zeroPadding2d({ ...first })]],
  ['upSampling bilinear', image, () => [layers.upSampling2d({ interpolation: 'bilinear' })]],
  ['batchNormalization of the first axis', image, () => [layers.batchNormalization({ axis: 1 })]],
  ['layerNormalization of two axes', image, () => [layers.layerNormalization({ axis: [2, 3] })]],
  [
    'conv3d',
    [3, 3, 3, 2],
    () => [layers.conv3d({ filters: 2, kernelSize: 2 }), layers.maxPooling3d({})],
  ],
  [
    'recurrent backwards, all steps',
    [4, 3],
    () => [layers.lstm({ ...plain, goBackwards: true, returnSequences: true })],
  ],
  ['recurrent softmax', [4, 3], () => [layers.simpleRNN({ ...plain, activation: 'softmax' })]],
  [
    'a generic recurrent layer',
    [4, 3],
    () => [layers.rnn({ cell: layers.lstmCell(plain) as never })],
  ],
  [
    'timeDistributed of another layer',
    [3, ...image],
    () => [layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 2 }) })],
  ],
  ['masking', [4, 3], () => [layers.masking({ maskValue: 0.5 }), layers.dense({ units: 2 })]],
]

function modelOf(shape: readonly number[], chain: readonly Layer[]) {
  const x = input({ shape: [...shape] })
  const outputs = [...chain, layers.dense({ units: 3 })].reduce<SymbolicTensor>(
    (value, layer) => through(layer, value),
    x,
  )
  return prunedWeights(model({ inputs: x, outputs }))
}

describe('layers that cannot be compiled', () => {
  test.each(cases)('%s runs in tfjs', async (_, shape, chain) => {
    const own = modelOf(shape, chain())
    const network = readNetwork(await modelSource(own, { tensor }))
    expect(network.steps[0]!.operation.kind).toBe('layerCall')
    expect(network.steps.at(-1)!.operation.kind).toBe('product')
    expectSameOutputs(own, network)
  })

  test.each(cases)('%s is refused without tfjs', async (_, shape, chain) => {
    const [called] = chain()
    const own = modelOf(shape, [called!])
    const source = await modelSource(own)
    const got = `${called!.name} (${called!.getClassName()})`
    expect(refusalOf(() => readNetwork(source))).toContain(got)
  })
})

test('indices of words', async () => {
  const x = input({ shape: [3] })
  const embedding = layers.embedding({ inputDim: 5, outputDim: 2 })
  const outputs = through(
    layers.dense({ units: 2 }),
    through(layers.flatten(), through(embedding, x)),
  )
  const own = prunedWeights(model({ inputs: x, outputs }))
  const network = readNetwork(await modelSource(own, { tensor, tidy }))
  const words = Float32Array.of(0, 4, 2, 1, 1, 3)
  const wanted = tidy(() => [
    ...(own.predict(tensor(words, [2, 3])) as never as { dataSync(): Float32Array }).dataSync(),
  ])
  const [got] = interpret(network, [words], 2)
  got!.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 5)
  })
})

test.each([{ tensor }, { tensor, tidy }])('calls leave no tensors (%o)', async (tools) => {
  const own = modelOf(image, [layers.upSampling2d({ interpolation: 'bilinear' })])
  const network = readNetwork(await modelSource(own, tools))
  await expect(() => interpret(network, [new Float32Array(40).fill(1)], 1)).toLeaveNoTensors()
})

/** Gives its weight, whatever it is given. */
class Constant extends layers.Layer {
  static readonly className = 'Constant'
  override build() {
    this.built = true
    this.addWeight('constant', [1, 2], 'float32', initializers.ones())
  }
  override computeOutputShape() {
    return [null, 2]
  }
  override call() {
    return this.weights[0]!.read()
  }
}

test.each([{ tensor }, { tensor, tidy }])(
  'a layer keeps the weight that it gives (%o)',
  async (tools) => {
    const x = input({ shape: [3] })
    const own = model({ inputs: x, outputs: through(new Constant(), x) })
    const network = readNetwork(await modelSource(own, tools))
    for (let call = 0; call < 2; call++)
      expect(interpret(network, [new Float32Array(3)], 1)).toEqual([Float32Array.of(1, 1)])
    expect([...own.getWeights()[0]!.dataSync()]).toEqual([1, 1])
  },
)

test.each([{ tensor }, { tensor, tidy }])(
  'a call that fails leaves no tensors (%o)',
  async (tools) => {
    const x = input({ shape: [3] })
    const constant = new Constant()
    const own = model({ inputs: x, outputs: through(constant, x) })
    const network = readNetwork(await modelSource(own, tools))
    vi.spyOn(constant, 'call').mockImplementation(() => {
      throw new Error('out of order')
    })
    await expect(() => {
      expect(() => interpret(network, [new Float32Array(3)], 1)).toThrow('out of order')
    }).toLeaveNoTensors()
  },
)

const lstm = (options: object) => layers.lstm({ ...plain, ...options }) as layers.RNN

test('a layer of several outputs has no place in a network', async () => {
  const x = input({ shape: [4, 3] })
  const wrapped = lstm({ returnState: true })
  const both = layers.bidirectional({ layer: wrapped, mergeMode: 'concat' })
  const [outputs] = both.apply(x) as SymbolicTensor[]
  const own = model({ inputs: x, outputs: outputs! })
  const source = await modelSource(own, { tensor })
  expect(refusalOf(() => readNetwork(source))).toMatch(/one output .* got 5 of bidirectional/)
})

test.each([
  ['a layer', (memory: layers.RNN) => memory],
  [
    'both directions',
    (memory: layers.RNN) => layers.bidirectional({ layer: memory, mergeMode: 'concat' }),
  ],
])('a memory that is kept between batches is refused: %s', async (_, around) => {
  const x = input({ batchShape: [2, 4, 3] })
  const own = model({ inputs: x, outputs: through(around(lstm({ stateful: true })), x) })
  const withTfjs = await modelSource(own, { tensor })
  expect(refusalOf(() => readNetwork(withTfjs))).toMatch(
    /no states between batches; run the model in tfjs, got .* with stateful: true/,
  )
  const alone = await modelSource(own)
  expect(refusalOf(() => readNetwork(alone))).toContain('it keeps its states between batches')
})

test('a layer that gives another shape than it tells is refused', async () => {
  // tfjs adds this bias along the wrong axis: an outcome of one row grows to two.
  const own = modelOf(
    [4, 4, 4],
    [
      layers.separableConv2d({ name: 'odd', filters: 2, kernelSize: 3, strides: 2, ...first }),
      layers.globalAveragePooling2d({ ...first }),
    ],
  )
  const network = readNetwork(await modelSource(own, { tensor, tidy }))
  expect(refusalOf(() => interpret(network, [new Float32Array(64)], 1))).toBe(
    'RangeError: Cannot predict: expected odd to give [1, 2, 1, 1] in tfjs, as it tells its shape, got [1, 2, 2, 1]; run the model in tfjs',
  )
})
