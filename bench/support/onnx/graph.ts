/** Element types of the standard. */
const FLOAT = 1
const TYPES = { int: 2, ints: 7 } as const

/** Pieces of an ONNX graph, as plain data that the schema encodes. */
export interface Graph {
  readonly node: object[]
  readonly initializer: object[]
}

/** Adds a node and returns the name of its output. */
export function addNode(
  graph: Graph,
  operation: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): string {
  const name = `${operation}${graph.node.length}`
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number'
      ? { name, i: value, type: TYPES.int }
      : { name, ints: value, type: TYPES.ints },
  )
  graph.node.push({ name, op_type: operation, input: inputs, output: [name], attribute })
  return name
}

/** Adds a constant and returns its name. */
export function addConstant(graph: Graph, dims: readonly number[], values: Float32Array): string {
  const name = `constant${graph.initializer.length}`
  const raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  graph.initializer.push({ name, dims, data_type: FLOAT, raw_data })
  return name
}

/** The name and the shape of an input or output; the batch is open. */
export function valueInfo(name: string, sample: readonly number[]): object {
  const dim = [{ dim_param: 'batch' }, ...sample.map((side) => ({ dim_value: side }))]
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } }
}
