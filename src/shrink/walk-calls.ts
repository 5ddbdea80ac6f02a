import type { layers } from '@tensorflow/tfjs-layers'
import type { Container, GraphNode } from '../internal/model-graph.js'
import { type GraphWalker, walkGraph } from '../internal/walk-graph.js'

type Layer = layers.Layer

/** A call of a layer that is no nested model. */
export interface WalkedCall {
  readonly node: GraphNode
  readonly layer: Layer
  readonly inputShapes: readonly number[][]
  readonly outputShapes: readonly number[][]
}

/** Listens to a walk through a model's graph. */
export interface Walker extends Pick<GraphWalker<number[]>, 'enter' | 'leave'> {
  readonly call: (call: WalkedCall) => void
}

/**
 * Walks through all calls of a model's graph, inputs first, with the shapes that they have for
 * inputs of the given ones, the batch included; through a nested model each time that it is called.
 * Returns the shapes of the outputs.
 */
export function walkCalls(
  container: Container,
  shapes: readonly number[][],
  { enter, leave, call }: Walker,
): number[][] {
  return walkGraph(container, shapes, {
    enter,
    leave,
    call: (node, inputShapes) => {
      const layer = node.outboundLayer
      const outputShapes = outputShapesOf(layer, inputShapes)
      call({ node, layer, inputShapes, outputShapes })
      return outputShapes
    },
  })
}

/** Shapes of a layer's outputs for inputs of the given ones. */
export function outputShapesOf(layer: Layer, shapes: readonly number[][]): number[][] {
  const found = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : [...shapes])
  return (Array.isArray(found[0]) ? found : [found]) as number[][]
}
