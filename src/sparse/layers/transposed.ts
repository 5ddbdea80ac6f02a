import type { Pair, SparseMatrix, Window } from '../network/network.js'
import type { SparseWeight } from '../network/source.js'
import { activationOption, withActivation } from './activations.js'
import { countOption } from './config.js'
import { biasOf } from './dense.js'
import { emitImage, imageOf } from './image.js'
import { decline, isDeclined, type LayerReader } from './layer-reader.js'
import { matrixOf } from './matrix.js'
import { isPointwise, type WindowOptions, windowOptions } from './windows.js'

/** The matrix of a kernel [y, x, row, channel], turned by half a turn. */
function flippedMatrix(weight: SparseWeight): SparseMatrix {
  const [height, width, rows, channels] = weight.shape as [number, number, number, number]
  const size = { rows, columns: height * width * channels }
  return matrixOf(weight, size, (position) => {
    const channel = position % channels
    const row = Math.floor(position / channels) % rows
    const pixel = Math.floor(position / channels / rows)
    return [row, (height * width - 1 - pixel) * channels + channel]
  })
}

/** Pixels of the outcome, and those around the spread image that its window needs. */
function placeTransposed({ size, strides, padding }: WindowOptions, image: Pair) {
  const axes = ([0, 1] as const).map((axis) => {
    const stride = strides[axis]
    const reach = size[axis]
    const spread = (image[axis] - 1) * stride + 1
    const more = padding === 'valid' ? Math.max(reach - stride, 0) : 0
    const pixels = image[axis] * stride + more
    // The convolution that this one is the gradient of pads so many pixels before its image.
    const room = padding === 'same' ? Math.max(0, (image[axis] - 1) * stride + reach - pixels) : 0
    const before = reach - 1 - Math.floor(room / 2)
    return { spread, pixels, before, after: pixels + reach - 1 - before - spread }
  }) as [TransposedAxis, TransposedAxis]
  const pair = (key: keyof TransposedAxis): Pair => [axes[0][key], axes[1][key]]
  const window: Window = {
    size,
    strides: [1, 1],
    dilations: [1, 1],
    padding: [pair('before'), pair('after')],
  }
  return { window, spread: pair('spread'), pixels: pair('pixels') }
}

interface TransposedAxis {
  readonly spread: number
  readonly pixels: number
  readonly before: number
  readonly after: number
}

const transposed: LayerReader = (layer) => {
  const { config } = layer
  const options = windowOptions(config, { axes: 2, size: 'kernelSize' })
  if (isDeclined(options)) return options
  const activation = activationOption(config)
  if (typeof activation === 'string') return decline(`its activation is ${activation}`)
  const filters = countOption(config, 'filters')
  const { value, size, channels } = imageOf(layer, 2)
  const { window, spread, pixels } = placeTransposed(options, size)
  const matrix = layer.once('kernel', () =>
    flippedMatrix(layer.weight('kernel', [...window.size, filters, channels])),
  )
  const steps = [...options.strides, 1]
  const isSpread = steps.some((step) => step > 1)
  const input = isSpread
    ? layer.emit({ kind: 'spread', steps }, [value], [...spread, channels])
    : value
  const operation = {
    kind: 'product',
    ...(!isPointwise(window) && { window }),
    matrix,
    ...biasOf(layer, filters),
  } as const
  const made = emitImage(layer, { operation, input, pixels, channels: filters, axes: 2 })
  return withActivation(layer, made, activation)
}

export const transposedReaders = { Conv2DTranspose: transposed }
