import {
  add,
  maximum,
  mul,
  pow,
  reshape,
  serialization,
  type Tensor,
  tanh,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { afterEach, describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'
import { fillWeights } from '../../support/weights.js'
import { expectSameOutputs } from '../support/compare.js'

type ActivationClass = new () => object

const stockClass = (name: string) =>
  (layers.activation({ activation: name as never }) as unknown as { activation: object }).activation
    .constructor as ActivationClass
const stock = Object.fromEntries(
  ['relu', 'gelu', 'softmax'].map((name) => [name, stockClass(name)]),
)
const register = (own: ActivationClass) => serialization.registerClass(own as never)

afterEach(() => Object.values(stock).forEach(register))

/** A class of a user, from scratch or from a base of tfjs. */
function ownClass(
  name: string,
  apply: (x: Tensor) => Tensor,
  base: ActivationClass = serialization.Serializable as never,
): ActivationClass {
  return class extends base {
    static className = name
    apply(x: Tensor): Tensor {
      return tidy(() => apply(x))
    }
    getConfig(): object {
      return {}
    }
  }
}

const tripled = (x: Tensor) => mul(x, 3)
/** The formula with tanh under the name of that with erf: 5e-4 apart at most. */
const byTanh = (x: Tensor) => {
  const inner = add(x, mul(pow(x, 3), 0.044715))
  return mul(mul(x, 0.5), add(tanh(mul(inner, Math.sqrt(2 / Math.PI))), 1))
}
const refusing = (x: Tensor) => reshape(x, [5, 7])

const rnn = { units: 3, recurrentInitializer: 'glorotNormal', activation: 'relu' } as const
const relu = { units: 3, activation: 'relu' } as const
const shape = { inputShape: [2, 4] }
const holders: readonly [string, () => layers.Layer[]][] = [
  ['a dense layer', () => [layers.dense({ ...relu, ...shape })]],
  ['an activation', () => [layers.activation({ activation: 'relu', ...shape })]],
  ['a wrapped layer', () => [layers.timeDistributed({ layer: layers.dense(relu), ...shape })]],
  ['a cell', () => [layers.simpleRNN({ ...rnn, ...shape })]],
  [
    'a gate',
    () => [layers.gru({ ...rnn, activation: 'tanh', recurrentActivation: 'relu', ...shape })],
  ],
  [
    'both directions',
    () => [
      layers.bidirectional({
        ...{ layer: layers.simpleRNN(rnn) as layers.RNN, mergeMode: 'sum', ...shape },
      }),
    ],
  ],
  [
    'a layer of a nested model',
    () => [
      sequential({ layers: [layers.dense({ ...relu, ...shape })] }) as unknown as layers.Layer,
    ],
  ],
]

async function kindsOf(model: LayersModel): Promise<string[]> {
  const network = readNetwork(await modelSource(model, { tensor, tidy }))
  expectSameOutputs(model, network)
  return network.steps.map(({ operation }) => operation.kind)
}

describe('an activation of a user under the name of a stock one', () => {
  test.each(holders)('is not compiled as that: %s', async (_, build) => {
    register(ownClass('relu', tripled))
    const model = fillWeights(sequential({ layers: build() }))
    const plain = await modelSource(model)
    expect(refusalOf(() => readNetwork(plain))).toMatch(/its activation only bears the name of/)
    expect(await kindsOf(model)).toContain('layerCall')
  })

  test.each([
    ['of the base class of tfjs', 'relu', tripled, Object.getPrototypeOf(stock.relu!)],
    ['of the stock class', 'relu', tripled, stock.relu],
    ['of another formula', 'gelu', byTanh, undefined],
    ['of rows', 'softmax', tripled, undefined],
  ] as const)('%s', async (_, name, apply, base) => {
    register(ownClass(name, apply, base))
    const model = sequential({ layers: [layers.activation({ activation: name, ...shape })] })
    expect(await kindsOf(model)).toEqual(['layerCall'])
  })

  test('that computes the same is compiled', async () => {
    register(ownClass('relu', (x) => maximum(x, 0)))
    const model = fillWeights(sequential({ layers: [layers.dense({ ...relu, ...shape })] }))
    expect(await kindsOf(model)).toEqual(['product'])
  })

  test('that cannot be asked is none of tfjs', async () => {
    register(ownClass('relu', refusing))
    const model = sequential({ layers: [layers.activation({ activation: 'relu', ...shape })] })
    const plain = await modelSource(model)
    expect(refusalOf(() => readNetwork(plain))).toMatch(/its activation only bears the name of/)
  })

  test('leaves models alone that were built before', async () => {
    const model = fillWeights(sequential({ layers: [layers.dense({ ...relu, ...shape })] }))
    register(ownClass('relu', tripled))
    expect(await kindsOf(model)).toEqual(['product'])
  })
})

test('the question leaves no tensors', async () => {
  const model = sequential({ layers: [layers.dense({ ...relu, ...shape })] })
  await expect(() => modelSource(model)).toLeaveNoTensors()
})
