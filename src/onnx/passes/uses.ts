import type { Constant, Node, OnnxGraph } from '../graph/graph.js'

/** Who makes and who reads the tensors of a graph. */
export interface Uses {
  /** The node that makes a tensor; undefined for inputs and constants. */
  readonly makerOf: (tensor: string) => Node | undefined
  readonly constantOf: (tensor: string | undefined) => Constant | undefined
  /** Whether one input of one node, and no output of the graph, reads a tensor. */
  readonly isReadOnce: (tensor: string) => boolean
}

export function usesOf({ nodes, constants, outputs }: OnnxGraph): Uses {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])))
  const known = new Map(constants.map((constant) => [constant.name, constant]))
  const readers = new Map<string, number>()
  const all = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]
  for (const tensor of all) readers.set(tensor, (readers.get(tensor) ?? 0) + 1)
  return {
    makerOf: (tensor) => makers.get(tensor),
    constantOf: (tensor) => (tensor === undefined ? undefined : known.get(tensor)),
    isReadOnce: (tensor) => readers.get(tensor) === 1,
  }
}
