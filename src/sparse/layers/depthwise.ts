import type { Pair, Product, SparseMatrix } from '../network/network.js'
import type { SparseWeight } from '../network/source.js'
import { activationOption, withActivation } from './activations.js'
import { countOption } from './config.js'
import { biasOf } from './dense.js'
import { emitImage, imageOf } from './image.js'
import {
  decline,
  isDeclined,
  type LayerReader,
  type LayerToRead,
  type Value,
} from './layer-reader.js'
import { matrixOf, transposedMatrix } from './matrix.js'
import { placeWindow, type WindowOptions, windowOptions } from './windows.js'

/** The matrix of a kernel [y, x, channel, copy]: row channel * copies + copy reads one channel. */
function depthwiseMatrix(weight: SparseWeight): SparseMatrix {
  const [height, width, channels, copies] = weight.shape as [number, number, number, number]
  const size = { rows: channels * copies, columns: height * width * channels }
  const matrix = matrixOf(weight, size, (position) => [
    position % (channels * copies),
    Math.floor(position / copies),
  ])
  return { ...matrix, weights: height * width * channels * copies }
}

/** The matrix of the depthwise kernel of a layer. */
function kernelOf(layer: LayerToRead, [height, width]: Pair): SparseMatrix {
  const channels = layer.inputs[0]!.shape.at(-1)!
  // Separable layers of tfjs do not save how many copies they make of a channel.
  return layer.once('depthwise_kernel', () =>
    depthwiseMatrix(layer.weight('depthwise_kernel', [height, width, channels, null])),
  )
}

/** Adds a depthwise product. */
function emitDepthwise(
  layer: LayerToRead,
  options: WindowOptions,
  product: Pick<Product, 'matrix' | 'bias'>,
): Value {
  const { value: input, size } = imageOf(layer, 2)
  const { window, pixels } = placeWindow(options, size)
  const operation = { kind: 'product', window, ...product } as const
  return emitImage(layer, { operation, input, pixels, channels: product.matrix.rows, axes: 2 })
}

const depthwise: LayerReader = (layer) => {
  const options = windowOptions(layer.config, { axes: 2, size: 'kernelSize' })
  if (isDeclined(options)) return options
  const activation = activationOption(layer.config)
  if (typeof activation === 'string') return decline(`its activation is ${activation}`)
  const matrix = kernelOf(layer, options.size)
  const product = { matrix, ...biasOf(layer, matrix.rows) }
  // tfjs reads the option and does not dilate.
  const made = emitDepthwise(layer, { ...options, dilations: [1, 1] }, product)
  return withActivation(layer, made, activation)
}

const separable: LayerReader = (layer) => {
  const { config } = layer
  const options = windowOptions(config, { axes: 2, size: 'kernelSize' })
  if (isDeclined(options)) return options
  const activation = activationOption(config)
  if (typeof activation === 'string') return decline(`its activation is ${activation}`)
  const filters = countOption(config, 'filters')
  const between = emitDepthwise(layer, options, { matrix: kernelOf(layer, options.size) })
  const [height, width, channels] = between.shape as [number, number, number]
  const matrix = layer.once('pointwise_kernel', () =>
    transposedMatrix(layer.weight('pointwise_kernel', [1, 1, channels, filters])),
  )
  const operation = { kind: 'product', matrix, ...biasOf(layer, filters) } as const
  const made = layer.emit(operation, [between], [height, width, filters])
  return withActivation(layer, made, activation)
}

export const depthwiseReaders = { DepthwiseConv2D: depthwise, SeparableConv2D: separable }
