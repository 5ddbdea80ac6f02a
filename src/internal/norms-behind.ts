import type { layers } from '@tensorflow/tfjs-layers'
import { type Container, nestedIn } from './model-graph.js'

type Layer = layers.Layer

/**
 * The normalisations behind the calls of a layer, undefined for a call that something else takes
 * in.
 */
export function normsBehind(
  { nodesByDepth, outputs }: Container,
  owner: Layer,
): (Layer | undefined)[] {
  const nodes = Object.values(nodesByDepth).flat()
  return nodes.flatMap(({ outboundLayer, outputTensors: [output] }) => {
    const nested = nestedIn(outboundLayer)
    if (nested) return normsBehind(nested, owner)
    if (outboundLayer !== owner) return []
    const consumers = nodes.filter(({ inputTensors }) => inputTensors.includes(output!))
    const isNorm =
      consumers.length === 1 && consumers[0]!.outboundLayer.getClassName() === 'BatchNormalization'
    return [isNorm && !outputs.includes(output!) ? consumers[0]!.outboundLayer : undefined]
  })
}
