import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { containerOf } from './observe-layers.js'

type Layer = layers.Layer

/** The normalisations behind the calls of a layer, undefined for a call that something else takes in. */
export function normsBehind(model: LayersModel, owner: Layer): (Layer | undefined)[] {
  const nodes = Object.values(containerOf(model).nodesByDepth).flat()
  return nodes.flatMap(({ outboundLayer, outputTensors: [output] }) => {
    const { layers: nested } = outboundLayer as Layer & Partial<Pick<LayersModel, 'layers'>>
    if (Array.isArray(nested)) return normsBehind(outboundLayer as unknown as LayersModel, owner)
    if (outboundLayer !== owner) return []
    const consumers = nodes.filter(({ inputTensors }) => inputTensors.includes(output!))
    const isNorm = consumers.length === 1 && consumers[0]!.outboundLayer.getClassName() === 'BatchNormalization'
    const isOutput = containerOf(model).outputs.includes(output!)
    return [isNorm && !isOutput ? consumers[0]!.outboundLayer : undefined]
  })
}
