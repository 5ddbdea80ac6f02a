import type { Value } from '../graph/graph.js'
import { activated } from './activations.js'
import { permuted } from './kernels.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'

/** The name of the bias as a constant; undefined where the layer has none. */
export function biasOf({ graph, weight }: LayerToWrite): string | undefined {
  const bias = weight('bias')
  return bias && graph.constant(bias.name, () => ({ shape: bias.shape, values: bias.values }))
}

/** The name of the kernel, its rows in the order of the elements that it multiplies. */
function matrixOf({ graph, weight }: LayerToWrite, { unordered }: Value): string {
  const { name, shape, values } = weight('kernel')!
  if (!unordered) return graph.constant(name, () => ({ shape, values, channelAxis: 1 }))
  const { image } = unordered
  const last = image.length - 1
  const axes = [last, ...image.slice(0, last).map((_, axis) => axis), last + 1]
  return graph.constant(`${name}:${image}`, () => ({
    ...{ shape, channelAxis: 1 },
    values: permuted({ shape: [...image, shape[1]!], values }, axes).values,
  }))
}

/** x W + b: one node for a row of units, two where further axes lie before them. */
const dense: LayerWriter = (layer) => {
  const { graph } = layer
  const given = graph.channelsLast(layer.inputs[0]!)
  const x = given.unordered?.name ?? given
  const matrix = matrixOf(layer, given)
  const bias = biasOf(layer)
  const shape = layer.outputs[0]!
  const product = () => graph.node('MatMul', { inputs: [x, matrix], shape })
  if (bias === undefined) return activated(layer, product())
  const sum =
    given.shape.length === 2
      ? graph.node('Gemm', { inputs: [x, matrix, bias], shape })
      : graph.node('Add', { inputs: [product(), bias], shape })
  return activated(layer, sum)
}

export const denseWriters: Readonly<Record<string, LayerWriter>> = { Dense: dense }
