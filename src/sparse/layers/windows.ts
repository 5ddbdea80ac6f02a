import type { Pair, Window } from '../network/network.js'
import { type Config, countsOption, textOption } from './config.js'
import { type Declined, decline } from './layer-reader.js'

/** The size of a window and how it moves, before the image is known. */
export interface WindowOptions {
  readonly size: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly padding: 'same' | 'valid' | 'causal'
}

/** A window on an image, and the pixels of the outcome. */
export interface PlacedWindow {
  readonly window: Window
  readonly pixels: Pair
}

/** Options of one axis for sequences: their images have a height of 1. */
const withHeight = (values: readonly number[]): Pair =>
  values.length === 1 ? [1, values[0]!] : [values[0]!, values[1]!]

/** Which options tell of a window over `axes` axes. */
interface WindowKeys {
  readonly axes: 1 | 2
  /** The option with the size, and its default. */
  readonly size: 'kernelSize' | 'poolSize'
  readonly otherwise?: number
  /** Default of the strides. @default 1 */
  readonly strides?: number | readonly number[]
}

/** Reads the options of a window. */
export function windowOptions(
  config: Config,
  { axes, size, otherwise, strides = 1 }: WindowKeys,
): WindowOptions | Declined {
  if (textOption(config, 'dataFormat', 'channelsLast') !== 'channelsLast')
    return decline('its channels come first')
  const sizes = countsOption(config, size, { axes, otherwise })
  const padding = textOption(config, 'padding', 'valid')
  if (padding !== 'same' && padding !== 'valid' && !(padding === 'causal' && axes === 1))
    return decline(`its padding is ${padding}`)
  return {
    size: withHeight(sizes),
    strides: withHeight(countsOption(config, 'strides', { axes, otherwise: strides })),
    dilations: withHeight(countsOption(config, 'dilationRate', { axes, otherwise: 1 })),
    padding,
  }
}

/** Puts a window on an image as tfjs does; the outcome may have no pixels. */
export function placeWindow(
  { size, strides, dilations, padding }: WindowOptions,
  image: Pair,
): PlacedWindow {
  const axes = ([0, 1] as const).map((axis) => {
    const reach = (size[axis] - 1) * dilations[axis] + 1
    const stride = strides[axis]
    if (padding === 'same') {
      const pixels = Math.ceil(image[axis] / stride)
      const room = Math.max(0, (pixels - 1) * stride + reach - image[axis])
      const before = Math.floor(room / 2)
      return { pixels, before, after: room - before }
    }
    const before = padding === 'causal' ? reach - 1 : 0
    return { pixels: Math.floor((image[axis] + before - reach) / stride) + 1, before, after: 0 }
  }) as [AxisPlace, AxisPlace]
  const pair = (key: keyof AxisPlace): Pair => [axes[0][key], axes[1][key]]
  return {
    window: { size, strides, dilations, padding: [pair('before'), pair('after')] },
    pixels: pair('pixels'),
  }
}

interface AxisPlace {
  readonly pixels: number
  readonly before: number
  readonly after: number
}

/** Whether a window is one pixel that goes over all pixels, one by one. */
export function isPointwise({ size, strides, padding }: Window): boolean {
  return (
    [...size, ...strides].every((length) => length === 1) &&
    padding.flat().every((count) => count === 0)
  )
}
