import { layers } from '@tensorflow/tfjs-layers'
import type { LayerCase } from './layer-cases.js'

const sequence = [5, 3]
// tfjs-core alone has no chained operations, which the default orthogonal initializer needs.
const plain = { recurrentInitializer: 'glorotNormal' } as const
const all = { returnSequences: true } as const

type Kind = 'simpleRNN' | 'lstm' | 'gru'
const rnn = (kind: Kind, args: object = {}) =>
  layers[kind]({ units: 4, ...plain, ...args } as never)
const both = (kind: Kind, mergeMode: 'concat' | 'sum' | 'ave' | 'mul', args: object = {}) =>
  layers.bidirectional({ layer: rnn(kind, args) as layers.RNN, mergeMode })

const kinds: LayerCase[] = (['simpleRNN', 'lstm', 'gru'] as const).flatMap((kind) => [
  [kind, sequence, () => [rnn(kind)]],
  [`${kind} of all steps`, sequence, () => [rnn(kind, all)]],
  [`${kind} without bias`, sequence, () => [rnn(kind, { useBias: false })]],
  [`${kind} backwards`, sequence, () => [rnn(kind, { goBackwards: true })]],
  [`${kind} with dropout`, sequence, () => [rnn(kind, { dropout: 0.3, recurrentDropout: 0.3 })]],
  [`${kind} relu`, sequence, () => [rnn(kind, { activation: 'relu' })]],
  [`${kind} both ways`, sequence, () => [both(kind, 'concat')]],
  [`${kind} both ways, all steps`, sequence, () => [both(kind, 'concat', all)]],
  [`${kind} of one unit`, sequence, () => [rnn(kind, { units: 1 })]],
])

export const recurrentCases: readonly LayerCase[] = [
  ...kinds,
  ['lstm sigmoid', sequence, () => [rnn('lstm', { recurrentActivation: 'sigmoid' })]],
  ['gru linear', sequence, () => [rnn('gru', { activation: 'linear' })]],
  ['both ways added', sequence, () => [both('gru', 'sum', all)]],
  ['both ways averaged', sequence, () => [both('lstm', 'ave', all)]],
  ['both ways multiplied', sequence, () => [both('simpleRNN', 'mul')]],
  ['two layers', sequence, () => [rnn('lstm', all), rnn('gru')]],
]
