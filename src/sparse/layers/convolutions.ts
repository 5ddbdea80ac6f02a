import { activationOption, withActivation } from './activations.js'
import { countOption } from './config.js'
import { biasOf } from './dense.js'
import { emitImage, imageOf } from './image.js'
import { decline, isDeclined, type LayerReader } from './layer-reader.js'
import { transposedMatrix } from './matrix.js'
import { isPointwise, placeWindow, windowOptions } from './windows.js'

const convolution =
  (axes: 1 | 2): LayerReader =>
  (layer) => {
    const { config } = layer
    const options = windowOptions(config, { axes, size: 'kernelSize' })
    if (isDeclined(options)) return options
    const activation = activationOption(config)
    if (typeof activation === 'string') return decline(`its activation is ${activation}`)
    const filters = countOption(config, 'filters')
    const { value: input, size, channels } = imageOf(layer, axes)
    const { window, pixels } = placeWindow(options, size)
    const kernelSize = axes === 1 ? [window.size[1]] : window.size
    const matrix = layer.once('kernel', () =>
      transposedMatrix(layer.weight('kernel', [...kernelSize, channels, filters])),
    )
    const operation = {
      kind: 'product',
      ...(!isPointwise(window) && { window }),
      matrix,
      ...biasOf(layer, filters),
    } as const
    const made = emitImage(layer, { operation, input, pixels, channels: filters, axes })
    return withActivation(layer, made, activation)
  }

export const convolutionReaders = { Conv1D: convolution(1), Conv2D: convolution(2) }
