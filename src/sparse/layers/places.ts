import { describe } from '../../internal/describe.js'
import type { Pair } from '../network/network.js'
import { type Config, countOption, countsOption, textOption } from './config.js'
import { checkRank, elementsOf } from './image.js'
import { decline, type LayerReader, type LayerToRead } from './layer-reader.js'
import { readingError } from './reading-error.js'

const channelsFirst = ({ config }: LayerToRead): boolean =>
  textOption(config, 'dataFormat', 'channelsLast') !== 'channelsLast'

const flatten: LayerReader = (layer) => {
  if (channelsFirst(layer)) return decline('its channels come first')
  const input = layer.inputs[0]!
  return layer.emit({ kind: 'reshape' }, [input], [elementsOf(input.shape)])
}

const reshape: LayerReader = (layer) => {
  const input = layer.inputs[0]!
  const size = elementsOf(input.shape)
  const target = [layer.config.targetShape].flat() as (number | null)[]
  const isOpen = (side: number | null) => side === null || side < 0
  const known = elementsOf(target.filter((side) => !isOpen(side)) as number[])
  const shape = target.map((side) => (isOpen(side) ? size / known : side!))
  if (!shape.every(Number.isInteger) || elementsOf(shape) !== size)
    throw readingError(`a shape of ${size} elements for ${layer.path}`, `[${target}]`)
  return layer.emit({ kind: 'reshape' }, [input], shape)
}

const permute: LayerReader = (layer) => {
  const input = layer.inputs[0]!
  const { dims } = layer.config
  const isOrder = Array.isArray(dims) && input.shape.every((_, axis) => dims.includes(axis + 1))
  if (!isOrder || dims.length !== input.shape.length)
    throw readingError(`an order of ${input.shape.length} axes for ${layer.path}`, describe(dims))
  const axes = (dims as number[]).map((dim) => dim - 1)
  const shape = axes.map((axis) => input.shape[axis]!)
  return layer.emit({ kind: 'permute', axes }, [input], shape)
}

/** Amounts before and after both axes: one number, one for each axis, or all four. */
function amountsOf(config: Config, key: string): [Pair, Pair] {
  const value = config[key] ?? 1
  const both: unknown[] = Array.isArray(value) ? value : [value, value]
  const pairs = both.map((one) => (Array.isArray(one) ? one : [one, one]))
  const isPair = (pair: unknown[]) =>
    pair.length === 2 && pair.every((count) => Number.isInteger(count) && (count as number) >= 0)
  if (pairs.length !== 2 || !pairs.every(isPair))
    throw readingError(`amounts of two axes for ${key}`, JSON.stringify(value))
  return pairs as unknown as [Pair, Pair]
}

const framed =
  (kind: 'pad' | 'crop', key: string): LayerReader =>
  (layer) => {
    if (channelsFirst(layer)) return decline('its channels come first')
    checkRank(layer, 3)
    const input = layer.inputs[0]!
    const amounts: Pair[] = [...amountsOf(layer.config, key), [0, 0]]
    const sign = kind === 'pad' ? 1 : -1
    const shape = input.shape.map(
      (side, axis) => side + sign * (amounts[axis]![0] + amounts[axis]![1]),
    )
    if (shape.some((side) => side < 1))
      throw readingError(`an image that is large enough for ${layer.path}`, `[${input.shape}]`)
    return layer.emit({ kind, amounts }, [input], shape)
  }

const upSampling: LayerReader = (layer) => {
  if (channelsFirst(layer)) return decline('its channels come first')
  const { config } = layer
  if (textOption(config, 'interpolation', 'nearest') !== 'nearest')
    return decline('it interpolates between pixels')
  checkRank(layer, 3)
  const input = layer.inputs[0]!
  const times = [...countsOption(config, 'size', { axes: 2, otherwise: 2 }), 1]
  const shape = input.shape.map((side, axis) => side * times[axis]!)
  return layer.emit({ kind: 'enlarge', times }, [input], shape)
}

const repeatVector: LayerReader = (layer) => {
  checkRank(layer, 1)
  const input = layer.inputs[0]!
  const [channels] = input.shape as [number]
  const times = [countOption(layer.config, 'n'), 1]
  const row = layer.emit({ kind: 'reshape' }, [input], [1, channels])
  return layer.emit({ kind: 'enlarge', times }, [row], [times[0]!, channels])
}

const nothing: LayerReader = ({ inputs }) => inputs[0]!

export const placeReaders = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  ZeroPadding2D: framed('pad', 'padding'),
  Cropping2D: framed('crop', 'cropping'),
  UpSampling2D: upSampling,
  RepeatVector: repeatVector,
  // Layers that only training sees.
  Dropout: nothing,
  SpatialDropout1D: nothing,
  GaussianDropout: nothing,
  GaussianNoise: nothing,
  AlphaDropout: nothing,
}
