import fc from 'fast-check'
import { expect, test } from 'vitest'
import { graphRoles } from '../../src/artifacts/graph-roles.js'
import type { MadeNode } from '../support/graph-models.js'

const flag = (name: string) => ({ [name]: { b: true } })
const noAxis = () => undefined

/** Class and role of each weight, as text. */
function rolesOf(nodes: readonly MadeNode[], names: readonly string[], axisOf = noAxis as never) {
  const found = graphRoles({ node: nodes }, new Set(names), axisOf)
  return Object.fromEntries(
    [...found].map(([name, { className, role }]) => [name, `${className} ${role}`]),
  )
}

test.each([
  ['MatMul', ['x', 'w'], {}, 'MatMul kernel'],
  ['MatMul', ['x', 'w'], flag('transpose_b'), 'MatMul transposed_kernel'],
  ['MatMul', ['x', 'w'], flag('transpose_a'), 'MatMul kernel'],
  ['MatMul', ['w', 'x'], {}, 'MatMul transposed_kernel'],
  ['MatMul', ['w', 'x'], flag('transpose_a'), 'MatMul kernel'],
  ['_FusedMatMul', ['x', 'w', 'b'], flag('transpose_b'), 'MatMul transposed_kernel'],
  ['BatchMatMulV2', ['x', 'w'], flag('adj_y'), 'MatMul transposed_kernel'],
  ['BatchMatMulV2', ['w', 'x'], flag('adj_x'), 'MatMul kernel'],
  ['_FusedConv2D', ['x', 'w', 'b'], {}, 'Conv2D kernel'],
  ['Conv1D', ['x', 'w'], {}, 'Conv1D kernel'],
  ['Conv3D', ['x', 'w'], {}, 'Conv3D kernel'],
  ['FusedDepthwiseConv2dNative', ['x', 'w', 'b'], {}, 'DepthwiseConv2dNative kernel'],
  ['Conv2DBackpropInput', ['shape', 'w', 'x'], {}, 'Conv2DBackpropInput kernel'],
  ['Einsum', ['x', 'w'], {}, 'Einsum kernel'],
  ['GatherV2', ['w', 'x', 'b'], {}, 'GatherV2 table'],
] as const)('graphRoles finds %s of %j with %j to read a %s', (op, input, attr, wanted) => {
  const nodes = [{ name: 'n', op, input: [...input], attr }]
  expect(rolesOf(nodes, ['w', 'b', 'shape'])).toEqual({ w: wanted })
})

test.each([
  ['Mul', ['x', 'w']],
  ['BiasAdd', ['x', 'w']],
  ['Reshape', ['x', 'w']],
  ['Conv2D', ['w', 'x']],
  ['Conv2DBackpropInput', ['w', 'x', 'y']],
  ['_FusedConv2D', ['x', 'y', 'w']],
  ['GatherV2', ['x', 'w', 'y']],
  ['toString', ['w', 'w']],
])('graphRoles finds no kernel in %s of %j', (op, input) => {
  expect(rolesOf([{ name: 'n', op, input }], ['w'])).toEqual({})
})

test('graphRoles names no axis of a weight that is read along two, and that of one read alike', () => {
  const tied = [
    { name: 'lookup', op: 'GatherV2', input: ['w', 'x', 'y'] },
    { name: 'logits', op: 'MatMul', input: ['x', 'w'], attr: flag('transpose_b') },
    { name: 'again', op: 'MatMul', input: ['y', 'v'] },
    { name: 'once', op: 'MatMul', input: ['x', 'v'] },
  ]
  expect(rolesOf(tied, ['w', 'v'])).toEqual({ w: 'Mixed kernel', v: 'MatMul kernel' })
})

test('graphRoles follows a weight through operations, and names no axis where they move it', () => {
  const through = (op: string, more: string[] = []) => [
    { name: 'same', op: 'Identity', input: ['w'] },
    { name: 'view', op, input: ['same:0', ...more] },
    { name: 'product', op: 'Conv2D', input: ['x', 'view:0', '^other'] },
  ]
  const axis = (value: number) => (() => value) as never
  expect(rolesOf(through('Identity'), ['w'])).toEqual({ w: 'Conv2D kernel' })
  expect(rolesOf(through('ExpandDims', ['a']), ['w', 'a'], axis(0))).toEqual({ w: 'Conv2D kernel' })
  expect(rolesOf(through('ExpandDims', ['a']), ['w', 'a'], axis(1))).toEqual({ w: 'Mixed kernel' })
  expect(rolesOf(through('ExpandDims', ['x']), ['w', 'a'], axis(0))).toEqual({ w: 'Mixed kernel' })
  expect(rolesOf(through('Transpose', ['a']), ['w', 'a'])).toEqual({ w: 'Mixed kernel' })
  expect(rolesOf(through('Relu'), ['w'])).toEqual({})
})

test('graphRoles looks into functions, whose nodes have names of their own', () => {
  const nodeDef = [
    { name: 'n', op: 'Identity', input: ['w'] },
    { name: 'm', op: 'MatMul', input: ['x', 'n:output:0'] },
  ]
  const topology = {
    node: [{ name: 'n', op: 'Identity', input: ['v'] }],
    library: { function: [{ signature: { name: 'body' }, nodeDef }, {}] },
  }
  const roles = graphRoles(topology, new Set(['w', 'v']), noAxis)
  expect([...roles.keys()]).toEqual(['w'])
  expect(roles.get('w')).toEqual({ className: 'MatMul', role: 'kernel', layer: 'm' })
})

test('graphRoles ends for graphs of any shape, circles too', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'w')
  const op = fc.constantFrom('Identity', 'Reshape', 'Split', 'MatMul', 'Einsum', 'ExpandDims')
  const node = fc.record({ name, op, input: fc.array(name, { maxLength: 3 }) })
  fc.assert(
    fc.property(fc.array(node, { maxLength: 6 }), (nodes) => {
      const roles = graphRoles({ node: nodes }, new Set(['w']), noAxis)
      expect([...roles.keys()].every((found) => found === 'w')).toBe(true)
    }),
  )
})
