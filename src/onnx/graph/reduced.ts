import type { GraphBuilder, NodeParts } from './builder.js'
import type { Value } from './graph.js'

/** Options of {@link reduced}. */
export interface ReductionOptions {
  readonly op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax'
  /** In the order of the file. */
  readonly axes: readonly number[]
  /** Leaves sides of 1 in their place. @default false */
  readonly keepsSides?: boolean
  /** Of the outcome, where the channels lie first. @default that of the value without the axes */
  readonly shape?: NodeParts['shape']
}

/** The sum, the mean or the maximum of a value over axes. */
export function reduced(
  graph: GraphBuilder,
  x: Value,
  { op, axes, keepsSides = false, shape }: ReductionOptions,
): Value {
  // The axes of a sum are an input since version 13, those of the others since 18.
  const areInput = op === 'ReduceSum' || graph.opset >= 18
  const left = keepsSides
    ? x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side))
    : x.shape.filter((_, axis) => !axes.includes(axis))
  return graph.node(op, {
    inputs: areInput ? [x, graph.ints(axes)] : [x],
    attributes: {
      keepdims: { int: keepsSides ? 1 : 0 },
      ...(!areInput && { axes: { ints: axes } }),
    },
    shape: shape ?? left,
  })
}
