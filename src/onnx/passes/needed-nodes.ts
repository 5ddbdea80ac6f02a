import type { Pass } from './pass.js'

/** Leaves nodes and constants out that no output needs. */
export const neededNodes: Pass = (graph) => {
  const needed = new Set(graph.outputs.map(({ name }) => name))
  const nodes = graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      const isNeeded = outputs.some((output) => needed.has(output))
      if (isNeeded) for (const input of inputs) needed.add(input)
      return isNeeded
    })
    .toReversed()
  return { ...graph, nodes, constants: graph.constants.filter(({ name }) => needed.has(name)) }
}
