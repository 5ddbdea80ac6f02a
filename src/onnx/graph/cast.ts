import type { GraphBuilder } from './builder.js'
import type { Value } from './graph.js'

/** The numbers that ONNX has for types. */
const types = { float32: 1, int32: 6, bool: 9 } as const

/** The value as another type; itself where it has it. */
export function cast(graph: GraphBuilder, x: Value, dtype: keyof typeof types): Value {
  const { shape, channelsFirst } = x
  if ((x.dtype ?? 'float32') === dtype) return x
  return graph.node('Cast', {
    inputs: [x],
    attributes: { to: { int: types[dtype] } },
    ...{ shape, dtype, ...(channelsFirst && { channelsFirst }) },
  })
}
