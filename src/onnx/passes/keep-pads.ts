import type { Constant, Node } from '../graph/graph.js'
import type { Pass } from './pass.js'
import { usesOf } from './uses.js'

/**
 * Nearly 0, the smallest normal float32 and a little: no outcome can tell, and onnxruntime leaves
 * the node alone.
 */
const NEARLY_ZERO: Constant = {
  name: 'float32:nearly 0',
  shape: [],
  values: Float32Array.of(2 ** -125),
}

/**
 * Keeps zeros around an image apart from the pooling behind them. onnxruntime 1.30 joins both,
 * although the maximum is then taken without the zeros, and refuses more zeros than the window has.
 */
export const keepPads: Pass = (graph) => {
  const { makerOf } = usesOf(graph)
  const pads = new Set<Node>()
  for (const { op, inputs } of graph.nodes) {
    const before = makerOf(inputs[0] ?? '')
    const isPooled = op === 'MaxPool' || op === 'AveragePool'
    if (isPooled && before?.op === 'Pad' && before.inputs.length === 2) pads.add(before)
  }
  if (pads.size === 0) return graph
  const kept = (node: Node) =>
    pads.has(node) ? { ...node, inputs: [...node.inputs, NEARLY_ZERO.name] } : node
  return {
    ...graph,
    nodes: graph.nodes.map(kept),
    constants: [...graph.constants, NEARLY_ZERO],
  }
}
