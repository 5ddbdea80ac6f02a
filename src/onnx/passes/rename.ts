import type { Node } from '../graph/graph.js'

/** Nodes that read and write tensors under other names; names that are not told stay. */
export function withNames(
  nodes: readonly Node[],
  names: ReadonlyMap<string, string>,
): readonly Node[] {
  const renamed = (tensor: string): string => {
    let name = tensor
    while (names.has(name)) name = names.get(name)!
    return name
  }
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
  }))
}
