import type { Axis, LayerKind } from './layer-kind.js'

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
 * The operations of graph models that multiply inputs with a weight or look them up in one. `Conv1D`
 * to `Conv3D` are not among them: their weights have the axes of the layers of these names.
 */
export const graphKinds: readonly LayerKind[] = [
  operation('MatMul', { kernel: ['in', 'out'], transposed_kernel: ['out', 'in'] }),
  operation('DepthwiseConv2dNative', { kernel: ['in', 'multiple'] }, ['in', 'multiple']),
  operation('Conv2DBackpropInput', { kernel: ['out', 'in'] }),
  operation('GatherV2', { table: ['row', 'out'] }),
  operation('Einsum', { kernel: [] }),
  // A weight that several operations read along different axes.
  operation('Mixed', { kernel: [] }),
]
