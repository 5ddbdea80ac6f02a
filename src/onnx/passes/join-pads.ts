import type { Node } from '../graph/graph.js'
import type { Pass } from './pass.js'
import { type Uses, usesOf } from './uses.js'

/** Convolutions pad their images with the zeros that a node before them would. */
export const joinPads: Pass = (graph) => {
  const uses = usesOf(graph)
  return { ...graph, nodes: graph.nodes.map((node) => padded(node, uses)) }
}

function padded(node: Node, { makerOf, constantOf, isReadOnce }: Uses): Node {
  const before = makerOf(node.inputs[0] ?? '')
  if (node.op !== 'Conv' || before?.op !== 'Pad' || before.inputs.length !== 2) return node
  if (node.attributes.auto_pad || !isReadOnce(before.outputs[0]!)) return node
  const constant = constantOf(before.inputs[1])
  if (!constant) return node
  const zeros = Array.from(constant.values as BigInt64Array, Number)
  const rank = zeros.length / 2
  const around = [...zeros.slice(2, rank), ...zeros.slice(rank + 2)]
  const own = node.attributes.pads as { ints: readonly number[] } | undefined
  const pads = { ints: around.map((pixels, i) => pixels + (own?.ints[i] ?? 0)) }
  const [, ...rest] = node.inputs
  return {
    ...node,
    inputs: [before.inputs[0]!, ...rest],
    attributes: { ...node.attributes, pads },
  }
}
