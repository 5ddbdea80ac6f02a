import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { refuseChannelsFirst } from './options.js'

/**
 * Also tells the elements as they lie, so that a dense layer can turn its kernel in their place.
 */
const flatten: LayerWriter = (layer) => {
  refuseChannelsFirst(layer)
  const given = layer.inputs[0]!
  const x = inOrder(layer, given)
  if (x.shape.length === 2) return x
  const flat = flatOf(layer, x)
  const [, ...image] = given.shape
  if (x === given || image.includes(null)) return flat
  const { name } = flatOf(layer, given)
  return { ...flat, unordered: { name, image: image as number[] } }
}

const flatOf = ({ graph, outputs }: LayerToWrite, x: Value) =>
  graph.node('Flatten', {
    ...{ inputs: [x], shape: outputs[0]! },
    attributes: { axis: { int: 1 } },
    ...(x.dtype && { dtype: x.dtype }),
  })

/**
 * The value with elements in tfjs's order; no node where one pixel or one channel has it anyway.
 */
function inOrder({ graph }: LayerToWrite, value: Value): Value {
  const [, ...sample] = value.shape
  const isOrdered = sample.at(-1) === 1 || sample.slice(0, -1).every((side) => side === 1)
  return isOrdered ? value : graph.channelsLast(value)
}

const reshape: LayerWriter = (layer) => {
  const { graph } = layer
  const x = inOrder(layer, layer.inputs[0]!)
  const shape = layer.outputs[0]!
  return graph.node('Reshape', {
    inputs: [x, graph.ints(targetShape(layer, shape))],
    ...{ shape, ...(x.dtype && { dtype: x.dtype }) },
  })
}

/** The batch as it is, and one open side from all the others. */
function targetShape(layer: LayerToWrite, [, ...sample]: readonly Side[]): readonly number[] {
  if (sample.filter((side) => side === null).length > 1)
    throw cannotSay(layer, `its outcome has the shape [${sample.map((side) => side ?? 'open')}]`)
  if (sample.includes(0)) throw cannotSay(layer, 'its outcome has no elements')
  return [0, ...sample.map((side) => side ?? -1)]
}

const permute: LayerWriter = (layer) => {
  const { graph } = layer
  const x = graph.channelsLast(layer.inputs[0]!)
  const axes = [layer.config.dims].flat() as number[]
  return graph.node('Transpose', {
    inputs: [x],
    attributes: { perm: { ints: [0, ...axes] } },
    ...{ shape: layer.outputs[0]!, ...(x.dtype && { dtype: x.dtype }) },
  })
}

/** Layers that do something in training alone. */
const nothing: LayerWriter = ({ inputs }) => inputs[0]!

export const shapeWriters: Readonly<Record<string, LayerWriter>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  ...Object.fromEntries(
    ['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'].map(
      (className) => [className, nothing],
    ),
  ),
}
