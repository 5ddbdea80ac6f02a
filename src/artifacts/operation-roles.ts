import type { GraphNode } from './graph-node.js'

/** Class and role of a weight: they say the meaning of its axes, as those of a layer do. */
export interface WeightRole {
  readonly className: string
  readonly role: string
}

type RoleOf = (at: number, flag: (name: string) => boolean) => WeightRole | undefined

/** The role of a weight that is the second input of an operation. */
const second =
  (className: string): RoleOf =>
  (at) =>
    at === 1 ? { className, role: 'kernel' } : undefined

/** A product of matrices: the summed axis of a weight depends on its side and on the flags. */
const product =
  (left: string, right: string): RoleOf =>
  (at, flag) => {
    if (at > 1) return undefined
    const isTransposed = at === 1 ? flag(right) : !flag(left)
    return { className: 'MatMul', role: isTransposed ? 'transposed_kernel' : 'kernel' }
  }

const matrices = product('transpose_a', 'transpose_b')
const batches = product('adj_x', 'adj_y')
const depthwise = second('DepthwiseConv2dNative')
const table: RoleOf = (at) => (at === 0 ? { className: 'GatherV2', role: 'table' } : undefined)

/** The operations of TensorFlow that multiply with a weight or look up in one. */
const ROLES: Readonly<Record<string, RoleOf>> = {
  MatMul: matrices,
  _FusedMatMul: matrices,
  BatchMatMul: batches,
  BatchMatMulV2: batches,
  Conv1D: second('Conv1D'),
  Conv2D: second('Conv2D'),
  _FusedConv2D: second('Conv2D'),
  Conv3D: second('Conv3D'),
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: second('Conv2DBackpropInput'),
  Gather: table,
  GatherV2: table,
  ResourceGather: table,
  Einsum: () => ({ className: 'Einsum', role: 'kernel' }),
}

/**
 * The role of the weight that a node has as its input number `at`, from 0; undefined where the node
 * neither multiplies with it nor looks up in it.
 */
export function operationRole({ op, attr }: GraphNode, at: number): WeightRole | undefined {
  if (!Object.hasOwn(ROLES, op)) return undefined
  return ROLES[op]!(at, (name) => attr?.[name]?.b === true)
}
