import { type Container, type GraphNode, isInput, nestedIn, nodesInOrder } from './model-graph.js'

/** Listens to a walk through a model's graph that carries a value of each tensor along. */
export interface GraphWalker<T> {
  /** Values of the outputs of a call, for those of its inputs. The layer is no nested model. */
  readonly call: (node: GraphNode, inputs: readonly T[]) => readonly T[]
  /** Before and after the calls of a nested model, each time that it is called. */
  readonly enter?: ((node: GraphNode, nested: Container) => void) | undefined
  readonly leave?: ((node: GraphNode, nested: Container) => void) | undefined
}

/**
 * Walks through all calls of a model's graph, inputs first; through a nested model each time that
 * it is called. Returns the values of the outputs.
 */
export function walkGraph<T>(
  container: Container,
  given: readonly T[],
  walker: GraphWalker<T>,
): T[] {
  const known = new Map(container.inputs.map((tensor, i) => [tensor, given[i]!]))
  for (const node of nodesInOrder(container)) {
    if (isInput(node)) continue
    const inputs = node.inputTensors.map((tensor) => known.get(tensor)!)
    const made = walkNode(node, inputs, walker)
    for (const [i, tensor] of node.outputTensors.entries()) known.set(tensor, made[i]!)
  }
  return container.outputs.map((tensor) => known.get(tensor)!)
}

function walkNode<T>(node: GraphNode, inputs: readonly T[], walker: GraphWalker<T>): readonly T[] {
  const nested = nestedIn(node.outboundLayer)
  if (!nested) return walker.call(node, inputs)
  walker.enter?.(node, nested)
  const made = walkGraph(nested, inputs, walker)
  walker.leave?.(node, nested)
  return made
}
