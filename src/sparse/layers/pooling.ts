import type { Pool } from '../network/network.js'
import { countsOption, textOption } from './config.js'
import { checkRank, emitImage, imageOf } from './image.js'
import { decline, isDeclined, type LayerReader } from './layer-reader.js'
import { placeWindow, windowOptions } from './windows.js'

const pooling =
  (axes: 1 | 2, of: Pool['of']): LayerReader =>
  (layer) => {
    const { config } = layer
    const strides = countsOption(config, 'poolSize', { axes, otherwise: 2 })
    const options = windowOptions(config, { axes, size: 'poolSize', otherwise: 2, strides })
    if (isDeclined(options)) return options
    const { value: input, size, channels } = imageOf(layer, axes)
    const { window, pixels } = placeWindow(options, size)
    const operation = { kind: 'pool', of, window } as const
    return emitImage(layer, { operation, input, pixels, channels, axes })
  }

const globalPooling =
  (axes: 1 | 2, of: Pool['of']): LayerReader =>
  (layer) => {
    if (textOption(layer.config, 'dataFormat', 'channelsLast') !== 'channelsLast')
      return decline('its channels come first')
    checkRank(layer, axes + 1)
    const input = layer.inputs[0]!
    return layer.emit({ kind: 'globalPool', of }, [input], [input.shape.at(-1)!])
  }

export const poolingReaders = {
  MaxPooling1D: pooling(1, 'maximum'),
  MaxPooling2D: pooling(2, 'maximum'),
  AveragePooling1D: pooling(1, 'average'),
  AveragePooling2D: pooling(2, 'average'),
  GlobalMaxPooling1D: globalPooling(1, 'maximum'),
  GlobalMaxPooling2D: globalPooling(2, 'maximum'),
  GlobalAveragePooling1D: globalPooling(1, 'average'),
  GlobalAveragePooling2D: globalPooling(2, 'average'),
}
