import type { layers } from '@tensorflow/tfjs-layers'
import {
  type Container,
  type GraphNode,
  isInput,
  nestedIn,
  nodesInOrder,
} from '../internal/model-graph.js'

type Layer = layers.Layer

/** A call of a layer that is no nested model. */
export interface WalkedCall {
  readonly node: GraphNode
  readonly layer: Layer
  readonly inputShapes: readonly number[][]
  readonly outputShapes: readonly number[][]
}

/** Listens to a walk through a model's graph. */
export interface Walker {
  readonly call: (call: WalkedCall) => void
  /** Before and after the calls of a nested model, each time that it is called. */
  readonly enter?: (node: GraphNode, nested: Container) => void
  readonly leave?: (node: GraphNode, nested: Container) => void
}

/**
 * Walks through all calls of a model's graph, inputs first, with the shapes that they have for
 * inputs of the given ones, the batch included; through a nested model each time that it is called.
 * Returns the shapes of the outputs.
 */
export function walkCalls(
  container: Container,
  shapes: readonly number[][],
  walker: Walker,
): number[][] {
  const known = new Map(container.inputs.map((tensor, i) => [tensor, shapes[i]!]))
  for (const node of nodesInOrder(container)) {
    if (isInput(node)) continue
    const inputShapes = node.inputTensors.map((tensor) => known.get(tensor)!)
    const outputShapes = walkNode(node, inputShapes, walker)
    for (const [i, tensor] of node.outputTensors.entries()) known.set(tensor, outputShapes[i]!)
  }
  return container.outputs.map((tensor) => known.get(tensor)!)
}

function walkNode(node: GraphNode, shapes: readonly number[][], walker: Walker): number[][] {
  const layer = node.outboundLayer
  const nested = nestedIn(layer)
  if (!nested) {
    const outputShapes = outputShapesOf(layer, shapes)
    walker.call({ node, layer, inputShapes: shapes, outputShapes })
    return outputShapes
  }
  walker.enter?.(node, nested)
  const outputShapes = walkCalls(nested, shapes, walker)
  walker.leave?.(node, nested)
  return outputShapes
}

/** Shapes of a layer's outputs for inputs of the given ones. */
export function outputShapesOf(layer: Layer, shapes: readonly number[][]): number[][] {
  const found = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : [...shapes])
  return (Array.isArray(found[0]) ? found : [found]) as number[][]
}
