import { describe } from '../internal/describe.js'
import { type GraphNode, isGraph } from './graph-node.js'

/** Throws a TypeError where a node of a graph, or a function, is none. */
export function checkGraph(topology: unknown, task: string): void {
  if (!isGraph(topology)) return
  const wrong = (wanted: string, got: string) =>
    new TypeError(`Cannot ${task}: expected ${wanted} in the graph, got ${got}`)
  const functions: unknown = topology.library?.function ?? []
  if (!Array.isArray(functions)) throw wrong('a list of functions', describe(functions))
  const scopes = functions.map((one) => (one as { nodeDef?: unknown } | null)?.nodeDef ?? [])
  for (const nodes of [topology.node, ...scopes]) {
    if (!Array.isArray(nodes)) throw wrong('a list of nodes', describe(nodes))
    for (const node of nodes) {
      const { name, op, input = [] } = Object(node) as Partial<GraphNode>
      if (typeof name !== 'string' || typeof op !== 'string')
        throw wrong('nodes with a name and an op', describe(name ?? node))
      if (!Array.isArray(input) || !input.every((one) => typeof one === 'string'))
        throw wrong(`names as the inputs of ${name}`, describe(input))
    }
  }
}
