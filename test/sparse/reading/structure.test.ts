import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import type { Network } from '../../../src/sparse/network/network.js'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { through } from '../../support/through.js'
import { expectSameOutputs, prunedWeights } from '../support/compare.js'

const kindsOf = ({ steps }: Network): string[] => steps.map(({ operation }) => operation.kind)

async function networkOf(own: LayersModel): Promise<Network> {
  const network = readNetwork(await modelSource(prunedWeights(own)))
  expectSameOutputs(own, network)
  return network
}

const image = () => input({ shape: [6, 6, 2] })
const conv = (args: object = {}) => layers.conv2d({ filters: 3, kernelSize: 3, ...args })
const norm = () => layers.batchNormalization({})
const chain = (x: SymbolicTensor, ...all: layers.Layer[]) =>
  all.reduce((value, layer) => through(layer, value), x)

describe('steps that products take in', () => {
  test('a norm and a relu behind a product', async () => {
    const x = image()
    const network = await networkOf(
      model({ inputs: x, outputs: chain(x, conv(), norm(), layers.reLU({ maxValue: 6 })) }),
    )
    expect(kindsOf(network)).toEqual(['product'])
    expect(network.steps[0]!.operation).toMatchObject({ bounds: [0, 6] })
  })

  test('a norm with two readers of its product stays', async () => {
    const x = image()
    const shared = chain(x, conv())
    const outputs = [chain(shared, norm()), chain(shared, layers.reLU())]
    expect(kindsOf(await networkOf(model({ inputs: x, outputs })))).toEqual([
      'product',
      'scale',
      'activate',
    ])
  })

  test('a norm behind a product that is an output stays', async () => {
    const x = image()
    const made = chain(x, conv())
    const network = await networkOf(model({ inputs: x, outputs: [made, chain(made, norm())] }))
    expect(kindsOf(network)).toEqual(['product', 'scale'])
  })

  test('a norm behind an activation stays, the relu is taken in', async () => {
    const x = image()
    const network = await networkOf(
      model({ inputs: x, outputs: chain(x, conv({ activation: 'relu' }), norm()) }),
    )
    expect(kindsOf(network)).toEqual(['product', 'scale'])
    expect(network.steps[0]!.operation).toMatchObject({ bounds: [0, Number.POSITIVE_INFINITY] })
  })

  test('two relus: one is taken in', async () => {
    const x = image()
    const twice = chain(x, conv({ activation: 'relu' }), layers.reLU({ maxValue: 0.5 }))
    expect(kindsOf(await networkOf(model({ inputs: x, outputs: twice })))).toEqual([
      'product',
      'activate',
    ])
  })

  test('matrices hold no zeros', async () => {
    const x = image()
    const own = model({ inputs: x, outputs: chain(x, conv({ useBias: false })) })
    const [step] = (await networkOf(own)).steps
    const kernel = own.getWeights()[0]!.dataSync()
    const alive = kernel.filter((value) => value !== 0).length
    expect(alive).toBeLessThan(kernel.length)
    expect(step!.operation).toMatchObject({ matrix: { rows: 3, columns: 18 } })
    if (step!.operation.kind === 'product') expect(step!.operation.matrix.values.length).toBe(alive)
  })
})

test('layers that only training sees leave nothing behind', async () => {
  const x = image()
  const outputs = chain(x, layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 }))
  const network = await networkOf(model({ inputs: x, outputs }))
  expect(network.steps).toEqual([])
  expect(network.outputs).toEqual(network.inputs)
})

test('calls of a shared layer share their matrix', async () => {
  const x = image()
  const twin = conv({ padding: 'same', filters: 2 })
  const network = await networkOf(model({ inputs: x, outputs: chain(x, twin, twin, twin) }))
  const matrices = network.steps.map(
    ({ operation }) => operation.kind === 'product' && operation.matrix,
  )
  expect(matrices.length).toBe(3)
  expect(new Set(matrices).size).toBe(1)
})

test('a shared layer with a norm behind one call is not changed for the others', async () => {
  const x = image()
  const twin = conv({ padding: 'same', filters: 2 })
  const network = await networkOf(model({ inputs: x, outputs: chain(x, twin, norm(), twin) }))
  expect(kindsOf(network)).toEqual(['product', 'product'])
})
