import type { Attribute, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite } from './layer-writer.js'
import { numbersOption, refuseChannelsFirst, textOption } from './options.js'

/** How a window goes over an image: one number for each of its axes. */
export interface Window {
  readonly size: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: 'valid' | 'same'
}

interface WindowNames {
  readonly axes: number
  /** The option that holds the size. */
  readonly size: 'kernelSize' | 'poolSize'
}

/** The window that the options of a layer tell. */
export function windowOf(layer: LayerToWrite, { axes, size: key }: WindowNames): Window {
  refuseChannelsFirst(layer)
  const isPool = key === 'poolSize'
  const size = numbersOption(layer, key, { axes, ...(isPool && { otherwise: 2 }) })
  const { strides } = layer.config
  const padding = textOption(layer, 'padding', 'valid')
  if (padding !== 'valid' && padding !== 'same') throw cannotSay(layer, `its padding is ${padding}`)
  const isOpen = strides === undefined || strides === null
  return {
    ...{ size, padding },
    strides: isOpen && isPool ? size : numbersOption(layer, 'strides', { axes, otherwise: 1 }),
    dilations: isPool
      ? size.map(() => 1)
      : numbersOption(layer, 'dilationRate', { axes, otherwise: 1 }),
  }
}

/** The attributes of a window over an image; what 'same' pads is told in numbers where it can. */
export function windowAttributes(
  { size, strides, dilations, padding }: Window,
  image: Value,
): Record<string, Attribute> {
  const pads = padding === 'same' ? padsOf({ size, strides, dilations }, image) : undefined
  return {
    kernel_shape: { ints: size },
    strides: { ints: strides },
    ...(dilations.some((step) => step > 1) && { dilations: { ints: dilations } }),
    ...(pads === 'open' && { auto_pad: { text: 'SAME_UPPER' } }),
    ...(Array.isArray(pads) && pads.some((pad) => pad > 0) && { pads: { ints: pads } }),
  }
}

/** Pixels before all axes, and behind them; where a side is open only the runtime can tell. */
function padsOf(
  { size, strides, dilations }: Omit<Window, 'padding'>,
  { shape }: Value,
): readonly number[] | 'open' {
  const pairs = size.map((side, axis) => {
    const stride = strides[axis]!
    const reach = (side - 1) * dilations[axis]! + 1
    // A stride of 1 keeps every size. Runtimes do not work the zeros out for dilated windows.
    const pixels = stride === 1 ? 1 : shape[axis + 1]
    if (pixels === null || pixels === undefined) return undefined
    const room = Math.max(0, (Math.ceil(pixels / stride) - 1) * stride + reach - pixels)
    return [Math.floor(room / 2), Math.ceil(room / 2)] as const
  })
  if (pairs.includes(undefined)) return 'open'
  return [0, 1].flatMap((end) => pairs.map((pair) => pair![end]!))
}
