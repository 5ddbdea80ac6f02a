import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { through } from '../../support/through.js'

export const dense = (units: number, args: object = {}) => layers.dense({ units, ...args })
const plain = { recurrentInitializer: 'glorotNormal' } as const

/** Models whose graphs differ. */
export const topologies: [string, () => LayersModel][] = [
  ['sequential', () => sequential({ layers: [dense(4, { inputShape: [3] }), dense(2)] })],
  [
    'sequential with an input layer',
    () => sequential({ layers: [layers.inputLayer({ inputShape: [3] }), dense(2)] }),
  ],
  [
    'sequential of a batch shape',
    () => sequential({ layers: [dense(4, { batchInputShape: [null, 5, 3] }), dense(2)] }),
  ],
  ['sequential of an input dimension', () => sequential({ layers: [dense(4, { inputDim: 3 })] })],
  [
    'sequential in sequential',
    () => {
      const inner = sequential({ layers: [dense(4, { inputShape: [3] }), dense(5)] })
      return sequential({
        layers: [inner, sequential({ layers: [dense(2, { inputShape: [5] })] })],
      })
    },
  ],
  [
    'functional in sequential',
    () => {
      const x = input({ shape: [3] })
      const inner = model({ inputs: x, outputs: through(dense(4), x) })
      return sequential({ layers: [inner, dense(2)] })
    },
  ],
  [
    'several inputs and outputs',
    () => {
      const [a, b] = [input({ shape: [3] }), input({ shape: [4] })]
      const joined = through(layers.concatenate(), [through(dense(2), b), a])
      return model({
        inputs: [a, b],
        outputs: [through(dense(2), joined), through(dense(3), b), joined],
      })
    },
  ],
  [
    'a shared layer',
    () => {
      const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
      const twin = dense(3, { activation: 'tanh' })
      const [left, right] = [through(twin, a), through(twin, through(twin, b))]
      return model({ inputs: [a, b], outputs: through(layers.multiply(), [left, right]) })
    },
  ],
  [
    'a model called twice',
    () => {
      const trunk = sequential({
        layers: [dense(4, { inputShape: [3], activation: 'relu' }), dense(3)],
      })
      const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
      const outputs = through(layers.add(), [through(trunk, through(trunk, a)), through(trunk, b)])
      return model({ inputs: [a, b], outputs })
    },
  ],
  [
    'a nested model of two inputs and outputs',
    () => {
      const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
      const inner = model({
        inputs: [a, b],
        outputs: [through(layers.maximum(), [a, b]), through(dense(2), b)],
      })
      const [x, y] = [input({ shape: [3] }), input({ shape: [3] })]
      const [first, second] = inner.apply([y, x]) as [typeof x, typeof x]
      return model({ inputs: [x, y], outputs: [through(dense(2), first), second] })
    },
  ],
  [
    'models three deep',
    () => {
      const deepest = sequential({ layers: [dense(3, { inputShape: [3] })] })
      const x = input({ shape: [3] })
      const middle = model({ inputs: x, outputs: through(deepest, through(dense(3), x)) })
      return sequential({ layers: [middle, dense(2)] })
    },
  ],
  [
    'merges of other ranks and sides of 1',
    () => {
      const [a, b, c] = [
        input({ shape: [4, 5, 2] }),
        input({ shape: [2] }),
        input({ shape: [1, 5, 1] }),
      ]
      const kinds = [
        layers.add(),
        layers.average(),
        layers.minimum(),
        layers.multiply(),
        layers.maximum(),
      ]
      return model({ inputs: [a, b, c], outputs: kinds.map((layer) => through(layer, [a, b, c])) })
    },
  ],
  [
    'concatenations along each axis',
    () => {
      const [a, b] = [input({ shape: [2, 3, 2] }), input({ shape: [2, 3, 2] })]
      const outputs = [1, 2, 3, 4, -1, -2].map((axis) =>
        through(layers.concatenate({ axis }), [a, b]),
      )
      return model({ inputs: [a, b], outputs })
    },
  ],
  [
    'wrappers in a nested model',
    () => {
      const both = layers.bidirectional({
        layer: layers.lstm({ units: 2, returnSequences: true, ...plain }) as layers.RNN,
        mergeMode: 'concat',
      })
      const x = input({ shape: [4, 3] })
      const steps = layers.timeDistributed({ layer: dense(3) })
      const inner = model({ inputs: x, outputs: through(steps, through(both, x)) })
      const y = input({ shape: [4, 3] })
      return model({
        inputs: y,
        outputs: through(layers.gru({ units: 2, ...plain }), through(inner, y)),
      })
    },
  ],
]
