import { mul, type Tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { outputOf } from '../../src/layer-kinds/output-of.js'
import { registerLayerKind } from '../../src/layer-kinds/registered-kinds.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { chain, identity, merged } from '../support/endings.js'
import { refusalOf } from '../support/refusal-of.js'

class Own extends layers.Layer {
  override call(inputs: Tensor | Tensor[]) {
    return inputs
  }
  static className = 'Own'
}

class OwnDense extends layers.Layer {
  override call(inputs: Tensor | Tensor[]) {
    return inputs
  }
  override getConfig() {
    return { ...super.getConfig(), activation: 'softmax' }
  }
  static className = 'OwnDense'
}

const reshape = (...targetShape: number[]) => layers.reshape({ targetShape })
const linear = () => layers.activation({ activation: 'linear' })
const nested = (...all: layers.Layer[]) => chain(2, ...all)
const inSteps = (layer: layers.Layer) => [
  layers.repeatVector({ n: 3 }),
  layers.timeDistributed({ layer }),
]
const kernels = (activation: 'softmax' | 'linear') => [
  reshape(1, 1, 2),
  layers.conv2d({ filters: 2, kernelSize: 1, activation }),
]

const cell = (options: object) =>
  layers.lstm({ recurrentInitializer: 'zeros', units: 1, name: 'cell', ...options })
const dotted = (normalize: boolean) =>
  merged(
    2,
    layers.dot({ axes: -1, normalize, name: 'dot' }),
    identity('linear'),
    identity('linear'),
  )
const Dense = layers.dense({ units: 1 }).constructor as new (args: object) => layers.Layer
class Halved extends Dense {
  override call(...given: Parameters<layers.Layer['call']>) {
    return mul(0.5, super.call(...given) as Tensor)
  }
}
const squared = (merge: layers.Layer) => {
  const inputs = input({ shape: [1] })
  const x = identity('linear', 1).apply(inputs) as typeof inputs
  return model({ inputs, outputs: merge.apply([x, x]) as typeof inputs })
}
const one = (activation: 'linear' | 'relu', ...rest: layers.Layer[]) =>
  chain(1, identity(activation, 1), ...rest)
const named = (activation: string) =>
  layers.activation({ activation: activation as 'linear', name: 'end' })
const [NEVER, WITHIN] = ['a score that is never negative', 'a score from -1 to 1']
const HARDLY = 'a score that is hardly ever negative'
const own = () => new Own({ name: 'own' })
const pooled = (pooling: layers.Layer) =>
  chain(4, reshape(2, 2), identity('softmax'), reshape(1, 2, 2), pooling)

const softmaxes: Record<string, () => LayersModel> = {
  'a dense layer': () => chain(2, identity('softmax')),
  'a softmax layer': () => chain(2, identity('linear'), layers.softmax()),
  'an activation layer': () =>
    chain(2, identity('linear'), layers.activation({ activation: 'softmax' })),
  reshape: () => chain(2, identity('softmax'), reshape(1, 2), reshape(2)),
  flatten: () => chain(2, ...kernels('softmax'), layers.flatten()),
  dropout: () => chain(2, identity('softmax'), layers.dropout({ rate: 0.5 })),
  'noise layers': () =>
    chain(
      2,
      identity('softmax'),
      layers.gaussianNoise({ stddev: 1 }),
      layers.gaussianDropout({ rate: 0.5 }),
      layers.alphaDropout({ rate: 0.5 }),
    ),
  'a linear activation': () => chain(2, identity('softmax'), linear()),
  'a relu': () => chain(2, identity('softmax'), layers.reLU()),
  'a relu of at most 1': () => chain(2, identity('softmax'), layers.reLU({ maxValue: 1 })),
  permute: () =>
    chain(
      2,
      identity('softmax'),
      reshape(2, 1),
      layers.permute({ dims: [2, 1] }),
      layers.flatten(),
    ),
  'a nested model': () => chain(2, nested(identity('softmax'))),
  'a nested model in a nested model': () =>
    chain(2, chain(2, nested(identity('softmax')), linear())),
  'a nested model of shapes alone': () =>
    chain(2, identity('softmax'), nested(linear(), reshape(2))),
  'a sequential model in a sequential model': () =>
    sequential({
      layers: [
        layers.dense({ units: 2, inputShape: [2] }),
        sequential({
          layers: [
            layers.dense({ units: 2, activation: 'softmax', inputShape: [2] }),
            layers.dropout({ rate: 0.1 }),
          ],
        }),
      ],
    }),
  'a sequential model that begins with a model': () =>
    sequential({ layers: [nested(identity('softmax')), linear()] }),
  'an average': () => merged(2, layers.average(), identity('softmax'), nested(identity('softmax'))),
  'time steps and their mean': () =>
    chain(2, ...inSteps(identity('softmax')), layers.globalAveragePooling1d({})),
  'a model in time steps': () =>
    chain(2, ...inSteps(nested(identity('softmax'), linear())), layers.globalAveragePooling1d({})),
  'places that are doubled, cropped and averaged': () =>
    chain(
      2,
      ...kernels('softmax'),
      layers.upSampling2d({ size: [2, 2] }),
      layers.cropping2D({
        cropping: [
          [0, 1],
          [1, 0],
        ],
      }),
      layers.averagePooling2d({ poolSize: 1 }),
      layers.globalAveragePooling2d({}),
    ),
  'two softmaxes one behind the other, and their mean': () => {
    const inputs = input({ shape: [2] })
    const steps = [0, 1].map(
      () => chain(2, identity('softmax'), reshape(1, 2)).apply(inputs) as typeof inputs,
    )
    const joined = layers.concatenate({ axis: 1 }).apply(steps) as typeof inputs
    const mean = layers.globalAveragePooling1d({}).apply(joined) as typeof inputs
    return model({ inputs, outputs: mean })
  },
  'a mean over places': () => chain(2, ...kernels('softmax'), layers.globalAveragePooling2d({})),
}

const sigmoids: Record<string, () => LayersModel> = {
  'a dense layer': () => chain(1, identity('sigmoid', 1)),
  'a hard sigmoid': () => chain(1, identity('hardSigmoid', 1), layers.dropout({ rate: 0.5 })),
  'a hard sigmoid layer': () =>
    chain(1, identity('linear', 1), layers.activation({ activation: 'hardSigmoid' })),
  'the largest of several': () =>
    merged(1, layers.maximum(), identity('sigmoid', 1), identity('hardSigmoid', 1)),
  'a relu of at most 0.5': () => chain(1, identity('sigmoid', 1), layers.reLU({ maxValue: 0.5 })),
  'a product': () => merged(1, layers.multiply(), identity('sigmoid', 1), identity('sigmoid', 1)),
  'an average': () => merged(1, layers.average(), identity('sigmoid', 1), identity('sigmoid', 1)),
  'the largest over places': () =>
    chain(
      1,
      layers.repeatVector({ n: 3 }),
      layers.timeDistributed({ layer: identity('sigmoid', 1) }),
      layers.globalMaxPooling1d({}),
    ),
  'a recurrent layer': () =>
    chain(
      1,
      reshape(1, 1),
      layers.simpleRNN({ recurrentInitializer: 'zeros', units: 1, activation: 'sigmoid' }),
    ),
  'both directions': () =>
    chain(
      1,
      reshape(1, 1),
      layers.bidirectional({
        layer: layers.simpleRNN({ recurrentInitializer: 'zeros', units: 1, activation: 'sigmoid' }),
        mergeMode: 'ave',
      }),
    ),
  'an output of rank 1': () => chain(1, identity('sigmoid', 1), reshape()),
  'an LSTM whose gates are hard sigmoids': () =>
    chain(1, reshape(1, 1), cell({ activation: 'sigmoid', recurrentActivation: 'hardSigmoid' })),
  'a threshold': () => chain(1, identity('sigmoid', 1), layers.thresholdedReLU({ theta: 0.5 })),
  'a shared submodel called twice': () => {
    const shared = chain(1, identity('sigmoid', 1))
    const inputs = input({ shape: [1] })
    const twice = [0, 1].map(() => shared.apply(inputs) as typeof inputs)
    return model({ inputs, outputs: layers.average().apply(twice) as typeof inputs })
  },
}

const scores: Record<string, () => LayersModel> = {
  'a dense layer': () => chain(2, identity('linear')),
  tanh: () => chain(2, identity('tanh')),
  relu: () => chain(2, identity('relu'), layers.reLU()),
  'a kernel behind a softmax': () => chain(2, identity('softmax'), identity('linear')),
  'a model behind a sigmoid': () => chain(2, identity('sigmoid'), nested(identity('linear'))),
  'a model with a sigmoid inside': () =>
    chain(2, nested(identity('sigmoid'), identity('linear')), reshape(2)),
  'layer norm behind a softmax': () => chain(2, identity('softmax'), layers.layerNormalization({})),
  'an embedding': () => chain(1, layers.embedding({ inputDim: 3, outputDim: 2 }), reshape(2)),
  'batch norm behind a softmax': () => chain(2, identity('softmax'), layers.batchNormalization({})),
  'a log-softmax': () =>
    chain(2, identity('linear'), layers.activation({ activation: 'logSoftmax' as 'linear' })),
  'a sum': () => merged(2, layers.add(), identity('linear'), identity('tanh')),
  'two scores side by side': () =>
    merged(1, layers.concatenate(), identity('linear', 1), chain(1, identity('linear', 1))),
  'one score': () => chain(1, identity('linear', 1)),
  'one score of any sign behind a relu': () => chain(1, identity('relu', 1), identity('linear', 1)),
  'the mean of a relu and a score': () =>
    merged(1, layers.average(), identity('relu', 1), identity('linear', 1)),
  'two scores that are never negative': () =>
    chain(2, identity('linear'), layers.thresholdedReLU({ theta: 0 })),
  'a leaky relu': () => chain(1, identity('linear', 1), layers.leakyReLU()),
  'a cosine of any length': () => dotted(false),
  'scores that are cropped': () =>
    chain(
      3,
      identity('linear', 3),
      reshape(1, 3, 1),
      layers.cropping2D({
        cropping: [
          [0, 0],
          [0, 1],
        ],
      }),
      layers.flatten(),
    ),
  'both directions': () =>
    chain(
      1,
      reshape(1, 1),
      layers.bidirectional({
        layer: layers.lstm({ recurrentInitializer: 'zeros', units: 1 }),
        mergeMode: 'concat',
      }),
    ),
}

const unclear: Record<string, { of: () => LayersModel; reason: string }> = {
  'a layer of the caller': {
    of: () => chain(2, identity('softmax'), new Own({ name: 'mine' })),
    reason: 'mine (Own)',
  },
  'a layer of the caller with an activation': {
    of: () => chain(2, new OwnDense({ name: 'mine' }), linear()),
    reason: 'mine (OwnDense)',
  },
  'unlike branches': {
    of: () => merged(2, layers.average({ name: 'mean' }), identity('softmax'), identity('linear')),
    reason: 'mean (Average)',
  },
  'a shared model of shapes behind unlike branches': {
    of: () => {
      const shared = nested(reshape(2, 1), reshape(2))
      const inputs = input({ shape: [2] })
      const branches = [identity('softmax'), identity('linear')].map(
        (branch) => shared.apply(branch.apply(inputs)) as typeof inputs,
      )
      const mean = layers.average({ name: 'mean' }).apply(branches) as typeof inputs
      return model({ inputs, outputs: mean })
    },
    reason: 'mean (Average)',
  },
  'the sum of both directions': {
    of: () =>
      chain(
        1,
        reshape(1, 1),
        layers.bidirectional({
          layer: layers.simpleRNN({
            recurrentInitializer: 'zeros',
            units: 1,
            activation: 'sigmoid',
          }),
          mergeMode: 'sum',
          name: 'both',
        }),
      ),
    reason: 'both (Bidirectional)',
  },
  'a class of the caller that inherits its name': {
    of: () => chain(1, new Halved({ units: 1, name: 'half' })),
    reason: 'half (Halved)',
  },
  'a branch of the caller': {
    of: () => merged(2, layers.average(), identity('softmax'), new Own({ name: 'mine' })),
    reason: 'mine (Own)',
  },
  'a sum of probabilities': {
    of: () => merged(2, layers.add({ name: 'sum' }), identity('softmax'), identity('softmax')),
    reason: 'sum (Add)',
  },
  'the larger of two softmaxes': {
    of: () => merged(2, layers.maximum({ name: 'top' }), identity('softmax'), identity('softmax')),
    reason: 'top (Maximum)',
  },
  'a softmax that a relu cuts off': {
    of: () => chain(2, identity('softmax'), layers.reLU({ maxValue: 0.5, name: 'cut' })),
    reason: 'cut (ReLU)',
  },
  'a bent softmax': {
    of: () =>
      chain(2, identity('softmax'), layers.activation({ activation: 'tanh', name: 'bent' })),
    reason: 'bent (Activation)',
  },
  'a gated softmax': {
    of: () =>
      chain(
        2,
        reshape(1, 2),
        layers.lstm({
          recurrentInitializer: 'zeros',
          units: 2,
          activation: 'softmax',
          name: 'cell',
        }),
      ),
    reason: 'cell (LSTM)',
  },
  'a softmax over places whose mean is taken': {
    of: () => pooled(layers.globalAveragePooling2d({ dataFormat: 'channelsFirst', name: 'mean' })),
    reason: 'mean (GlobalAveragePooling2D)',
  },
  'a softmax whose axes are swapped': {
    of: () =>
      chain(
        4,
        reshape(2, 2),
        identity('softmax'),
        layers.permute({ dims: [2, 1], name: 'swap' }),
        layers.globalAveragePooling1d({}),
      ),
    reason: 'swap (Permute)',
  },
  'a softmax over one class': {
    of: () => chain(1, identity('softmax', 1)),
    reason: 'softmaxes over 1 of 1 outputs',
  },
  'a relu': { of: () => one('relu'), reason: NEVER },
  'a relu layer': { of: () => one('linear', layers.reLU()), reason: NEVER },
  'a threshold': { of: () => one('linear', layers.thresholdedReLU()), reason: NEVER },
  'a relu behind dropout and a shape': {
    of: () => one('relu', layers.dropout({ rate: 0.5 }), reshape(1, 1), reshape(1)),
    reason: NEVER,
  },
  softplus: { of: () => one('linear', named('softplus')), reason: NEVER },
  'a leaky relu without a leak': {
    of: () => one('linear', layers.leakyReLU({ alpha: 0 })),
    reason: NEVER,
  },
  'slopes that are weights': { of: () => one('linear', layers.prelu()), reason: HARDLY },
  gelu: { of: () => one('linear', named('gelu')), reason: HARDLY },
  gelu_new: { of: () => one('linear', named('gelu_new')), reason: HARDLY },
  swish: { of: () => one('linear', named('swish')), reason: HARDLY },
  mish: { of: () => one('linear', named('mish')), reason: HARDLY },
  'gelu in a dense layer': {
    of: () => chain(1, layers.dense({ units: 1, activation: 'gelu' as 'linear' })),
    reason: HARDLY,
  },
  'selu of a layer of the caller': {
    of: () => chain(1, own(), named('selu')),
    reason: 'own (Own)',
  },
  'tanh of a layer of the caller': {
    of: () => chain(2, own(), named('tanh')),
    reason: 'own (Own)',
  },
  'tanh of a relu': { of: () => one('relu', named('tanh')), reason: NEVER },
  'the largest of a relu and a score': {
    of: () => merged(1, layers.maximum(), identity('relu', 1), identity('linear', 1)),
    reason: NEVER,
  },
  'a square': { of: () => squared(layers.multiply()), reason: NEVER },
  'a product with itself': { of: () => squared(layers.dot({ axes: -1 })), reason: NEVER },
  'batch norm behind a sigmoid': {
    of: () => chain(1, identity('sigmoid', 1), layers.batchNormalization({})),
    reason: HARDLY,
  },
  tanh: { of: () => chain(1, identity('tanh', 1)), reason: WITHIN },
  softsign: { of: () => one('linear', named('softsign')), reason: WITHIN },
  'a cosine': { of: () => dotted(true), reason: WITHIN },
  'an LSTM': { of: () => chain(1, reshape(1, 1), cell({})), reason: WITHIN },
  'an LSTM without weights as gates': {
    of: () => chain(1, reshape(1, 1), cell({ activation: 'sigmoid', recurrentActivation: 'relu' })),
    reason: 'cell (LSTM)',
  },
  'nothing but an input': {
    of: () => {
      const inputs = input({ shape: [2], name: 'pixels' })
      return model({ inputs, outputs: reshape(2).apply(inputs) as typeof inputs })
    },
    reason: 'pixels (an input)',
  },
  'two sigmoids': {
    of: () => chain(2, identity('sigmoid')),
    reason: '2 sigmoids, which are no choice among 2 classes',
  },
  'two sigmoids side by side': {
    of: () => merged(1, layers.concatenate(), identity('sigmoid', 1), identity('sigmoid', 1)),
    reason: '2 sigmoids, which are no choice among 2 classes',
  },
  'a softmax at each of three steps': {
    of: () => chain(2, ...inSteps(identity('softmax')), layers.flatten()),
    reason: 'softmaxes over 2 of 6 outputs',
  },
  'two softmaxes side by side': {
    of: () => merged(2, layers.concatenate(), identity('softmax'), identity('softmax')),
    reason: 'softmaxes over 2 of 4 outputs',
  },
}

const task = 'look'
const cases = (table: Record<string, () => LayersModel>) =>
  Object.entries(table).map(([what, of]) => ({ what, of }))

describe('outputOf', () => {
  it.each(cases(softmaxes))('sees a softmax through $what', ({ of }) => {
    expect(outputOf(of(), { task })).toBe('probabilities')
    expect(refusalOf(() => outputOf(of(), { task, output: 'logits' }))).toMatch(
      /^RangeError: Cannot look: expected a model that puts out logits, got one that ends in a softmax: /,
    )
  })

  it.each(cases(sigmoids))('sees a sigmoid through $what', ({ of }) => {
    expect(outputOf(of(), { task })).toBe('probabilities')
    expect(refusalOf(() => outputOf(of(), { task, output: 'logits' }))).toContain(
      'got one that ends in a sigmoid: ',
    )
  })

  it.each(cases(scores))('takes logits from $what', ({ of }) => {
    expect(outputOf(of(), { task })).toBe('logits')
    expect(outputOf(of(), { task, output: 'logits' })).toBe('logits')
  })

  it.each(Object.entries(unclear).map(([what, one]) => ({ what, ...one })))(
    'asks for the output of $what',
    ({ of, reason }) => {
      const asked = "say output: 'logits' or 'probabilities' in the loss and in the evaluation"
      const remedy = reason.includes('no choice')
        ? `give label for each (in fit: perLabel or forLabel as loss), or ${asked}`
        : asked
      expect(refusalOf(() => outputOf(of(), { task }))).toBe(
        `RangeError: Cannot look: expected a model that tells its output, got one that ends in ${reason}: ${remedy}`,
      )
      expect(outputOf(of(), { task, output: 'probabilities' })).toBe('probabilities')
    },
  )

  it('sees a softmax through masking layers', async () => {
    const own = sequential({
      layers: [
        layers.dense({ units: 2, inputShape: [2] }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    })
    const masking = withMasks(own, await computeMask(own, { density: 0.5 }))
    expect(masking.layers[0]!.getClassName()).toBe('tfjs-prune>Dense')
    expect(masking.layers[1]!.getClassName()).toBe('tfjs-prune>Dense')
    expect(outputOf(masking, { task })).toBe('probabilities')
  })

  it('looks at a branch once, however often merges use it', () => {
    const inputs = input({ shape: [2] })
    let x = identity('softmax').apply(inputs) as typeof inputs
    for (let i = 0; i < 40; i++) x = layers.average().apply([x, x]) as typeof inputs
    expect(outputOf(model({ inputs, outputs: x }), { task })).toBe('probabilities')
  })
})

it('outputOf knows layers of users by their kinds', () => {
  class Mixed extends Own {
    static override className = 'OwnMixed'
  }
  const ending = () => outputOf(chain(2, identity('softmax'), new Mixed({})), { task: 'look' })
  expect(refusalOf(ending)).toMatch(/^RangeError: .*\(OwnMixed\)/)
  const kind = { className: 'OwnMixed', weights: {}, outputs: ['in'] } as const
  registerLayerKind({ ...kind, probabilities: 'kept' })
  expect(ending()).toBe('probabilities')
  registerLayerKind({ ...kind, probabilities: 'lost' })
  expect(refusalOf(ending)).toMatch(/^RangeError: .*\(OwnMixed\)/)
})

it('outputOf does not guess the activation of a kernel whose layer has no such option', () => {
  const kernel = { use: 'kernel', axes: ['in', 'out'] } as const
  const ending = (className: string) => {
    class Summing extends Own {
      static override className = className
    }
    registerLayerKind({ className, weights: { kernel } })
    return outputOf(chain(2, new Summing({})), { task: 'look' })
  }
  expect(refusalOf(() => ending('OwnKernel'))).toMatch(/^RangeError: .*\(OwnKernel\)/)
})

it.each([
  { what: 'scale', className: 'OwnScale', weights: { gain: { use: 'scale', axes: ['in'] } } },
  {
    what: 'table',
    className: 'OwnTable',
    weights: { rows: { use: 'kernel', axes: ['row', 'out'] } },
  },
  {
    what: 'table that is no kernel',
    className: 'OwnRows',
    weights: { rows: { use: 'other', axes: ['row', 'out'] } },
  },
] as const)(
  'outputOf asks for the output of a kind of a user with a $what',
  ({ className, weights }) => {
    class Scaling extends Own {
      static override className = className
    }
    const ending = () => outputOf(chain(2, identity('softmax'), new Scaling({})), { task })
    registerLayerKind({ className, weights })
    expect(refusalOf(ending)).toContain(`(${className}): say output:`)
    registerLayerKind({ className, weights, probabilities: 'none' })
    expect(ending()).toBe('logits')
    registerLayerKind({ className, weights, probabilities: 'kept' })
    expect(ending()).toBe('probabilities')
  },
)

it('outputOf reads the activation of a kernel and a table of a user', () => {
  class Reading extends OwnDense {
    static override className = 'OwnReading'
  }
  const ending = () => outputOf(chain(2, new Reading({})), { task })
  for (const axes of [
    ['in', 'out'],
    ['row', 'out'],
  ] as const) {
    registerLayerKind({ className: 'OwnReading', weights: { kernel: { use: 'kernel', axes } } })
    expect(ending()).toBe('probabilities')
  }
})

it.each([
  { className: 'Softmax', layer: () => layers.softmax({ name: 'end' }) },
  {
    className: 'Activation',
    layer: () => layers.activation({ activation: 'softmax', name: 'end' }),
  },
  { className: 'ReLU', layer: () => layers.reLU({ name: 'end' }) },
])('outputOf takes the kind of a user for $className', ({ className, layer }) => {
  const ending = () => outputOf(chain(2, identity('softmax'), layer()), { task })
  expect(ending()).toBe('probabilities')
  const kind = { className, weights: {}, outputs: ['in'] } as const
  registerLayerKind(kind)
  expect(refusalOf(ending)).toContain(`one that ends in end (${className}): say output:`)
  registerLayerKind({ ...kind, probabilities: 'none' })
  expect(ending()).toBe('logits')
})
