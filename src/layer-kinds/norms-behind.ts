import type { layers } from '@tensorflow/tfjs-layers'
import { type Container, nestedIn } from '../internal/model-graph.js'
import { registeredKind } from './registered-kinds.js'

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
    const [consumer] = consumers.map((node) => node.outboundLayer)
    const isAlone = consumers.length === 1 && !outputs.includes(output!)
    return [isAlone && isOfChannels(consumer!, output!.rank, owner) ? consumer : undefined]
  })
}

/** Whether a layer normalises each channel that `owner` puts out by itself. */
function isOfChannels(layer: Layer, rank: number, owner: Layer): boolean {
  if (registeredKind(layer.getClassName())?.stage !== 'normalisation') return false
  const { axis = -1 } = layer.getConfig()
  // Keras writes a list of one axis.
  const own = Number([axis].flat()[0])
  const channels = owner.getConfig().dataFormat === 'channelsFirst' ? 1 : rank - 1
  return (own < 0 ? own + rank : own) === channels
}
