import type { GraphBuilder } from './builder.js'
import type { Value } from './graph.js'

/** The value with a side of 1 before one of its axes, or after all of them. */
export function unsqueezed(graph: GraphBuilder, x: Value, axis: number): Value {
  return graph.node('Unsqueeze', {
    inputs: [x, graph.ints([axis])],
    shape: x.shape.toSpliced(axis, 0, 1),
    ...(x.dtype && { dtype: x.dtype }),
  })
}

/** The value without an axis whose side is 1. */
export function squeezed(graph: GraphBuilder, x: Value, axis: number): Value {
  return graph.node('Squeeze', {
    inputs: [x, graph.ints([axis])],
    shape: x.shape.toSpliced(axis, 1),
    ...(x.dtype && { dtype: x.dtype }),
  })
}
