import { modelProto } from '../../../bench/support/onnx/schema.js'

interface Named {
  readonly name: string
}

interface ReadGraph {
  readonly node: readonly (Named & { input: string[]; output: string[]; op_type: string })[]
  readonly initializer: readonly Named[]
  readonly input: readonly Named[]
  readonly output: readonly Named[]
}

/**
 * Faults in the graph of an ONNX file, in words; none for a sound one. Each input of a node is made
 * before it, names are given once, outputs are made, and no constant or node is there for nothing.
 * Another reader than the library's own opens the file.
 */
export function graphFaults(bytes: Uint8Array): readonly string[] {
  const { graph } = modelProto.toObject(modelProto.decode(bytes), { arrays: true }) as {
    graph: ReadGraph
  }
  const { node: nodes, initializer, input, output } = graph
  const faults: string[] = []
  const made = new Set<string>()
  const used = new Set(output.map(({ name }) => name))
  const make = (name: string) => {
    if (made.has(name)) faults.push(`${name} is made twice`)
    made.add(name)
  }
  for (const { name } of [...input, ...initializer]) make(name)
  const names = new Set<string>()
  for (const node of nodes) {
    if (names.has(node.name)) faults.push(`two nodes are called ${node.name}`)
    names.add(node.name)
    for (const name of node.input.filter(Boolean)) {
      if (!made.has(name)) faults.push(`${node.name} reads ${name} before it is made`)
      used.add(name)
    }
    node.output.filter(Boolean).forEach(make)
  }
  for (const { name } of output) if (!made.has(name)) faults.push(`${name} is never made`)
  for (const { name } of initializer) if (!used.has(name)) faults.push(`nobody reads ${name}`)
  for (const node of nodes)
    if (!node.output.some((name) => used.has(name))) faults.push(`nobody reads ${node.name}`)
  return faults
}
