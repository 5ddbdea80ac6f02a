import type { Node } from '../graph/graph.js'
import type { Pass } from './pass.js'
import { withNames } from './rename.js'

/** Two transposes in a row are one, or none where the second takes the first back. */
export const joinTransposes: Pass = (graph) => {
  const names = new Map<string, string>()
  const nodes: Node[] = []
  const makers = new Map<string, Node>()
  for (const node of graph.nodes) {
    const joined = joinedWith(makers.get(node.inputs[0] ?? ''), node)
    for (const output of joined.outputs) makers.set(output, joined)
    const isIdle = permOf(joined)?.every((axis, i) => axis === i)
    const isEnd = graph.outputs.some(({ name }) => name === joined.outputs[0])
    if (isIdle && !isEnd) names.set(joined.outputs[0]!, joined.inputs[0]!)
    else nodes.push(joined)
  }
  return { ...graph, nodes: withNames(nodes, names) }
}

function permOf({ op, attributes: { perm } }: Node): readonly number[] | undefined {
  return op === 'Transpose' && perm && 'ints' in perm ? perm.ints : undefined
}

function joinedWith(before: Node | undefined, node: Node): Node {
  const [first, second] = [before && permOf(before), permOf(node)]
  if (!first || !second) return node
  const perm = { ints: second.map((axis) => first[axis]!) }
  return { ...node, inputs: before!.inputs, attributes: { perm } }
}
