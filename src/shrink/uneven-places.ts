import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { type Window, windowOf } from '../layer-kinds/window.js'
import type { Call } from './graph.js'

/**
 * For each element of a kernel's window, in row-major order: whether a constant input gives other
 * products at some places of the output than at others, because the element meets the padding
 * there.
 */
export function unevenPlaces(call: Call): boolean[] {
  const kind = registeredKind(call.className)
  if (!kind?.window) return [false]
  const window = windowOf(call.workers[0])
  const size = window.kernelSize.reduce((product, side) => product * side, 1)
  if (size === 1 && window.strides.every((stride) => stride === 1)) return [false]
  // A transposed kernel writes each of its elements to places of its own.
  if (kind.window === 'spreads') return new Array<boolean>(size).fill(true)
  return window.kernelSize
    .map((_, axis) => unevenAlong(axis, window, call))
    .reduce(
      (places, along) => places.flatMap((place) => along.map((uneven) => place || uneven)),
      [false],
    )
}

function unevenAlong(
  axis: number,
  { kernelSize, strides, dilations, padding }: Window,
  call: Call,
): boolean[] {
  const [size, stride, dilation] = [kernelSize[axis]!, strides[axis]!, dilations[axis]!]
  const elements = Array.from({ length: size }, (_, element) => element)
  if (padding === 'valid' || size === 1) return elements.map(() => false)
  if (!call.isFixed) return elements.map(() => true)
  // In front of the sides there may be an axis of time.
  const side = call.inputShapes[0]!.at(axis - kernelSize.length - 1)!
  const last = (Math.ceil(side / stride) - 1) * stride
  const before = Math.floor(Math.max(last + (size - 1) * dilation + 1 - side, 0) / 2)
  return elements.map(
    (element) => element * dilation < before || last + element * dilation - before > side - 1,
  )
}
