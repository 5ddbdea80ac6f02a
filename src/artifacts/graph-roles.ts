import { knowGraphKinds } from '../layer-kinds/graph-kinds.js'
import { arePlacesGiven } from './are-places-given.js'
import { type GraphNode, isGraph, scopesOf } from './graph-node.js'
import { operationRole, type WeightRole } from './operation-roles.js'

/** The place of a weight in a graph. */
export interface GraphRole extends WeightRole {
  /** Name of the first node that multiplies with it. */
  readonly layer: string
}

/** A weight that reaches an input of an operation. */
interface Reached {
  readonly name: string
  /** Whether it arrives with its axes in their places, from the last one on. */
  readonly inPlace: boolean
}

/** Operations that pass a tensor on as it is. */
const PASSING = ['Identity', 'Snapshot', 'StopGradient', 'CheckNumerics', 'ReadVariableOp', 'Cast']

/** Operations that move the axes of their first input, or take a part of it. */
const MOVING = [
  'Reshape',
  'Transpose',
  'ExpandDims',
  'Squeeze',
  'Slice',
  'StridedSlice',
  'Split',
  'SplitV',
  'Unpack',
  'Pad',
  'PadV2',
  'Tile',
  'Reverse',
  'ReverseV2',
]

/** The axis at which a node adds one, if it is known. */
export type AxisOf = (weight: string) => number | undefined

/**
 * The weights of a graph that an operation multiplies with or looks up in, by their names, and
 * their roles. Other weights are shapes, indices, permutations, biases, factors and anchors.
 *
 * A weight is followed through reshaping operations. Where one of them moves its axes, or where
 * operations read it along different ones, its role names no axis.
 *
 * @param topology A GraphDef as JSON.
 * @param names The names of all weights.
 * @param axisOf The value of a scalar weight.
 */
export function graphRoles(
  topology: unknown,
  names: ReadonlySet<string>,
  axisOf: AxisOf,
): Map<string, GraphRole> {
  const roles = new Map<string, GraphRole>()
  if (!isGraph(topology)) return roles
  knowGraphKinds()
  for (const nodes of scopesOf(topology)) {
    const byName = new Map(nodes.map((node) => [node.name, node]))
    const scope = { byName, names, axisOf }
    for (const node of nodes) addReaders(node, scope, roles)
  }
  return roles
}

interface Scope {
  readonly byName: ReadonlyMap<string, GraphNode>
  readonly names: ReadonlySet<string>
  readonly axisOf: AxisOf
}

function addReaders(node: GraphNode, scope: Scope, roles: Map<string, GraphRole>): void {
  for (const [at, input] of (node.input ?? []).entries()) {
    const role = operationRole(node, at)
    const reached = role && weightBehind(input, scope)
    if (!reached) continue
    if (role.role === 'table' && !arePlacesGiven(node, scope.byName)) continue
    const { name, inPlace } = reached
    const before = roles.get(name)
    const found = inPlace ? role : { className: 'Mixed', role: 'kernel' }
    if (!before) roles.set(name, { ...found, layer: node.name })
    else if (before.className !== found.className || before.role !== found.role)
      roles.set(name, { className: 'Mixed', role: 'kernel', layer: before.layer })
  }
}

/** The weight that an input is, perhaps reshaped. */
function weightBehind(input: string, scope: Scope): Reached | undefined {
  let name = input.split(':')[0]!
  let inPlace = true
  // A graph without circles has no longer way.
  for (let steps = scope.byName.size; steps >= 0; steps--) {
    if (scope.names.has(name)) return { name, inPlace }
    const node = scope.byName.get(name)
    if (!node || !(PASSING.includes(node.op) || MOVING.includes(node.op))) return undefined
    inPlace &&= PASSING.includes(node.op) || addsFirstAxis(node, scope)
    // Split has its axis first.
    name = (node.input?.[node.op === 'Split' ? 1 : 0] ?? '').split(':')[0]!
  }
  return undefined
}

/** Whether a node puts an axis in front of all others, as Conv1D does with its kernel. */
function addsFirstAxis({ op, input }: GraphNode, { axisOf, names }: Scope): boolean {
  const axis = input?.[1]?.split(':')[0] ?? ''
  return op === 'ExpandDims' && names.has(axis) && axisOf(axis) === 0
}
