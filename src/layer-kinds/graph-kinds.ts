import type { Axis, LayerKind } from './layer-kind.js'
import { addKinds } from './registered-kinds.js'

const operation = (
  className: string,
  weights: Readonly<Record<string, readonly Axis[]>>,
  outputs?: LayerKind['outputs'],
): LayerKind => ({
  className,
  weights: Object.fromEntries(
    Object.entries(weights).map(([role, axes]) => [role, { use: 'kernel', axes }]),
  ),
  ...(outputs && { outputs }),
})

/**
 * Lets the library know the operations of graph models that multiply inputs with a weight or look
 * them up in one. It is done when the first graph is read, so that a page without graphs carries
 * none of it. `Conv1D` to `Conv3D` are not among them: their weights have the axes of the layers of
 * these names.
 */
export function knowGraphKinds(): void {
  addKinds(kinds())
}

const kinds = (): LayerKind[] => [
  operation('MatMul', { kernel: ['in', 'out'], transposed_kernel: ['out', 'in'] }),
  operation('DepthwiseConv2dNative', { kernel: ['in', 'multiple'] }, ['in', 'multiple']),
  operation('Conv2DBackpropInput', { kernel: ['out', 'in'] }),
  operation('GatherV2', { table: ['row', 'out'] }),
  operation('Einsum', { kernel: [] }),
  // A weight that several operations read along different axes.
  operation('Mixed', { kernel: [] }),
]
