import type { Pass } from './pass.js'
import { withNames } from './rename.js'
import { usesOf } from './uses.js'

/**
 * The node behind an output takes the name of the output, where a node stood for the name alone.
 */
export const nameOutputs: Pass = (graph) => {
  const { makerOf, isReadOnce } = usesOf(graph)
  const idle = graph.nodes.filter(
    ({ op, inputs: [input] }) => op === 'Identity' && makerOf(input!) && isReadOnce(input!),
  )
  const names = new Map(idle.map(({ inputs, outputs }) => [inputs[0]!, outputs[0]!]))
  const nodes = graph.nodes.filter((node) => !idle.includes(node))
  return { ...graph, nodes: withNames(nodes, names) }
}
