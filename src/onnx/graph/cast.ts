import type { GraphBuilder } from './builder.js'
import { elementTypes } from './element-types.js'
import type { Value } from './graph.js'

/** The value as another type; itself where it has it. */
export function cast(graph: GraphBuilder, x: Value, dtype: NonNullable<Value['dtype']>): Value {
  const { shape, channelsFirst } = x
  if ((x.dtype ?? 'float32') === dtype) return x
  return graph.node('Cast', {
    inputs: [x],
    attributes: { to: { int: elementTypes[dtype] } },
    ...{ shape, dtype, ...(channelsFirst && { channelsFirst }) },
  })
}
