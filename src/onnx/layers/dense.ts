import type { Value } from '../graph/graph.js'
import { activated } from './activations.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'

/** The name of the bias as a constant; undefined where the layer has none. */
export function biasOf({ graph, weight }: LayerToWrite): string | undefined {
  const bias = weight('bias')
  return bias && graph.constant(bias.name, () => ({ shape: bias.shape, values: bias.values }))
}

/** x W + b: one node for a row of units, two where further axes lie before them. */
const dense: LayerWriter = (layer) => {
  const { graph } = layer
  const kernel = layer.weight('kernel')!
  const matrix = graph.constant(kernel.name, () => ({
    ...{ shape: kernel.shape, values: kernel.values, channelAxis: 1 },
  }))
  const bias = biasOf(layer)
  const x = graph.channelsLast(layer.inputs[0]!)
  const shape = layer.outputs[0]!
  const product: () => Value = () => graph.node('MatMul', { inputs: [x, matrix], shape })
  if (bias === undefined) return activated(layer, product())
  const sum =
    x.shape.length === 2
      ? graph.node('Gemm', { inputs: [x, matrix, bias], shape })
      : graph.node('Add', { inputs: [product(), bias], shape })
  return activated(layer, sum)
}

export const denseWriters: Readonly<Record<string, LayerWriter>> = { Dense: dense }
