import { classNameOf } from '../internal/class-name.js'
import type { GraphNode } from '../internal/model-graph.js'
import type { Side, Value } from './graph/graph.js'

/**
 * The shapes of a call's outputs for its inputs. A nested model that is called on images of another
 * size than its own gives others than it tells, and so does a layer before a CategoryEncoding or a
 * CenterCrop, which write their own shape over the one that they are given.
 */
export function outputShapes(
  node: GraphNode,
  given: readonly Value[],
): readonly (readonly Side[])[] {
  const { outboundLayer, inputTensors, outputTensors } = node
  const isAlike = given.every(({ shape }, i) => `${shape}` === `${inputTensors[i]!.shape}`)
  if (isAlike && !isOverwritten(node)) return outputTensors.map(({ shape }) => shape)
  const shapes = given.map(({ shape }) => [...shape])
  const made = outboundLayer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes)
  return (Array.isArray(made[0]) ? made : [made]) as readonly (readonly Side[])[]
}

const OVERWRITING = ['CategoryEncoding', 'CenterCrop']

/** Whether such a layer has the array of the shape; layers that change no shape hand it on. */
function isOverwritten({ outboundLayer, outputTensors: [output] }: GraphNode): boolean {
  const has = (tensors: GraphNode['inputTensors']) =>
    tensors.some(({ shape }) => shape === output!.shape)
  return outboundLayer.outboundNodes
    .filter(({ inputTensors }) => has(inputTensors))
    .some(
      (reader) =>
        OVERWRITING.includes(classNameOf(reader.outboundLayer)) ||
        (has(reader.outputTensors) && isOverwritten(reader)),
    )
}
