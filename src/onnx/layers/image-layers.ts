import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numbersOption, refuseChannelsFirst, textOption } from './options.js'

/** Pixels before and behind both axes of an image. */
function pairsOf(layer: LayerToWrite, key: 'padding' | 'cropping'): readonly number[][] {
  const value = layer.config[key] ?? (key === 'padding' ? 1 : 0)
  const axes = Array.isArray(value) ? value : [value, value]
  const pairs = axes.map((one) => (Array.isArray(one) ? one : [one, one]))
  if (pairs.length !== 2 || !pairs.flat().every((one) => Number.isInteger(one) && one >= 0))
    throw cannotSay(layer, `its ${key} is ${JSON.stringify(value)}`)
  return pairs
}

/** The channels come first: a convolution behind it can take the zeros in. */
const zeroPadding: LayerWriter = (layer) => {
  refuseChannelsFirst(layer)
  const { graph } = layer
  const [rows, columns] = pairsOf(layer, 'padding') as [number[], number[]]
  const x = graph.channelsFirst(layer.inputs[0]!)
  const pads = [0, 0, rows[0]!, columns[0]!, 0, 0, rows[1]!, columns[1]!]
  return graph.node('Pad', {
    inputs: [x, graph.ints(pads)],
    ...{ shape: layer.outputs[0]!, channelsFirst: true },
  })
}

const cropping: LayerWriter = (layer) => {
  refuseChannelsFirst(layer)
  const { graph } = layer
  const pairs = pairsOf(layer, 'cropping')
  const x = layer.inputs[0]!
  const first = x.channelsFirst ? 2 : 1
  const ends = pairs.map(([, behind]) => (behind === 0 ? Number.MAX_SAFE_INTEGER : -behind!))
  return graph.node('Slice', {
    inputs: [
      x,
      graph.ints(pairs.map(([before]) => before!)),
      graph.ints(ends),
      graph.ints([first, first + 1]),
    ],
    shape: layer.outputs[0]!,
    ...(x.channelsFirst && { channelsFirst: true }),
  })
}

/** Pixel i of the outcome is read at i / size, as tfjs does it. */
const upSampling: LayerWriter = (layer) => {
  refuseChannelsFirst(layer)
  const { graph } = layer
  const size = numbersOption(layer, 'size', { axes: 2, otherwise: 2 })
  const interpolation = textOption(layer, 'interpolation', 'nearest')
  const modes: Readonly<Record<string, string>> = { nearest: 'nearest', bilinear: 'linear' }
  const mode = modes[interpolation]
  if (mode === undefined) throw cannotSay(layer, `its interpolation is ${interpolation}`)
  const x = graph.channelsFirst(layer.inputs[0]!)
  const scales = graph.constant(`scales:${size}`, () => ({
    ...{ shape: [4], values: Float32Array.of(1, 1, ...size) },
  }))
  return graph.node('Resize', {
    inputs: [x, '', scales],
    attributes: {
      mode: { text: mode },
      coordinate_transformation_mode: { text: 'asymmetric' },
      ...(mode === 'nearest' && { nearest_mode: { text: 'floor' } }),
    },
    ...{ shape: layer.outputs[0]!, channelsFirst: true },
  })
}

export const imageWriters: Readonly<Record<string, LayerWriter>> = {
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
}
