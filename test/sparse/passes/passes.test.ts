import { describe, expect, test } from 'vitest'
import type { Network, Operation, Product, Step } from '../../../src/sparse/network/network.js'
import { foldScales } from '../../../src/sparse/passes/fold-scales.js'
import { joinBounds } from '../../../src/sparse/passes/join-bounds.js'
import { neededSteps } from '../../../src/sparse/passes/needed-steps.js'
import { interpret } from '../support/interpret.js'

/** y = -3 x. */
const product: Product = {
  kind: 'product',
  matrix: {
    rows: 1,
    columns: 1,
    starts: Uint32Array.of(0, 1),
    indices: Uint32Array.of(0),
    values: Float32Array.of(-3),
  },
}
const bounded: Product = { ...product, bounds: [0, 6] }
const scale: Operation = {
  kind: 'scale',
  factors: Float32Array.of(-2),
  terms: Float32Array.of(5),
}
const relu: Operation = { kind: 'activate', name: 'cut', parameters: { least: 0, most: 4 } }

/** One operation after the other, on one number. */
const chain = (...operations: Operation[]): Network => ({
  shapes: [...operations, null].map(() => [1]),
  inputs: [0],
  outputs: [operations.length],
  steps: operations.map(
    (operation, i): Step => ({
      layer: 'own',
      operation,
      inputs: [i],
      output: i + 1,
    }),
  ),
})
const outcome = (network: Network) =>
  [-3, -1, 0, 1, 3].map((x) => interpret(network, [Float32Array.of(x)], 1)[0]![0])
const kinds = ({ steps }: Network) => steps.map(({ operation }) => operation.kind)

describe.each([
  ['foldScales', foldScales],
  ['joinBounds', joinBounds],
])('%s keeps the outcome', (_, pass) => {
  test.each([
    [[product, scale]],
    [[product, relu]],
    [[product, scale, scale]],
    [[product, relu, relu]],
    [[product, scale, relu]],
    [[product, relu, scale]],
    [[bounded, scale]],
    [[bounded, relu]],
    [[scale, product]],
    [[{ kind: 'reshape' }, relu, scale]],
  ] as [Operation[]][])('of %o', (operations) => {
    const network = chain(...operations)
    expect(outcome(pass(network))).toEqual(outcome(network))
  })
})

test('what is taken in', () => {
  expect(kinds(foldScales(chain(product, scale)))).toEqual(['product'])
  expect(kinds(foldScales(chain(bounded, scale)))).toEqual(['product', 'scale'])
  expect(kinds(joinBounds(chain(product, relu)))).toEqual(['product'])
  expect(kinds(joinBounds(foldScales(chain(product, scale, relu))))).toEqual(['product'])
  expect(kinds(foldScales(chain(product, { kind: 'reshape' }, scale)))).toEqual([
    'product',
    'reshape',
  ])
})

test('steps that no output needs go', () => {
  const network = chain(product, relu, scale)
  expect(kinds(neededSteps({ ...network, outputs: [1] }))).toEqual(['product'])
  expect(kinds(neededSteps({ ...network, outputs: [0] }))).toEqual([])
  expect(neededSteps(network)).toEqual(network)
})

test('the given network is not changed', () => {
  const network = chain(product, scale, relu)
  const before = structuredClone(network)
  joinBounds(foldScales(network))
  expect(network).toEqual(before)
})
