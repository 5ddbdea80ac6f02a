import type { GraphNode } from '../internal/model-graph.js'
import type { Side, Value } from './graph/graph.js'

/**
 * The shapes of a call's outputs for its inputs. A nested model that is called on images of another
 * size than its own gives others than it tells.
 */
export function outputShapes(
  node: GraphNode,
  given: readonly Value[],
): readonly (readonly Side[])[] {
  const { outboundLayer, inputTensors, outputTensors } = node
  if (given.every(({ shape }, i) => `${shape}` === `${inputTensors[i]!.shape}`))
    return outputTensors.map(({ shape }) => shape)
  const shapes = given.map(({ shape }) => [...shape])
  const made = outboundLayer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes)
  return (Array.isArray(made[0]) ? made : [made]) as readonly (readonly Side[])[]
}
