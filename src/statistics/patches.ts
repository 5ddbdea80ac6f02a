import { pad, slice, stridedSlice, type Tensor } from '@tensorflow/tfjs-core'
import type { Window } from '../layer-kinds/window.js'

/**
 * The part of the images that each place of a convolution's kernel sees: `[n, ...places, channels]`
 * for each element of the kernel's window, in row-major order. Places outside of the image are 0.
 */
export function patchesOf(
  images: Tensor,
  { kernelSize, strides, dilations, padding }: Window,
): Tensor[] {
  const axes = kernelSize.map((size, axis) => {
    const length = images.shape[axis + 1]!
    const reach = (size - 1) * dilations[axis]! + 1
    const stride = strides[axis]!
    const places = Math.ceil((length - (padding === 'valid' ? reach - 1 : 0)) / stride)
    const missing = padding === 'valid' ? 0 : (places - 1) * stride + reach - length
    // Where strides leave something out, the first window of three axes begins within the image.
    const before = Math.floor((kernelSize.length > 2 ? missing : Math.max(missing, 0)) / 2)
    const [margin, first] = [Math.max(before, 0), Math.max(-before, 0)]
    const after = Math.max(missing - before, 0)
    return { stride, places, first, margin, after, dilation: dilations[axis]! }
  })
  const margins = axes.map(({ margin, after }): [number, number] => [margin, after])
  const padded = pad(images, [[0, 0], ...margins, [0, 0]])
  const [samples, channels] = [images.shape[0]!, images.shape.at(-1)!]
  const step = [1, ...axes.map(({ stride }) => stride), 1]
  return offsetsOf(kernelSize).map((offset) => {
    const begin = offset.map((place, axis) => axes[axis]!.first + place * axes[axis]!.dilation)
    const end = axes.map(({ stride, places }, axis) => begin[axis]! + (places - 1) * stride + 1)
    return stridedSlice(padded, [0, ...begin, 0], [samples, ...end, channels], step)
  })
}

/**
 * The part of the images that each place of a transposed convolution's kernel spreads into an
 * output: `[n, ...places, channels]` for each element of the kernel's window, in row-major order.
 * Parts outside of the output are cut off; undefined stands for an empty part.
 */
export function spreadPartsOf(
  images: Tensor,
  { kernelSize, strides, padding }: Omit<Window, 'dilations'>,
): (Tensor | undefined)[] {
  const sides = images.shape.slice(1, -1)
  const [samples, channels] = [images.shape[0]!, images.shape.at(-1)!]
  return offsetsOf(kernelSize).map((offset) => {
    const ranges = offset.map((place, axis) => {
      const [side, size, stride] = [sides[axis]!, kernelSize[axis]!, strides[axis]!]
      const overlap = Math.max(size - stride, 0)
      const output = side * stride + (padding === 'valid' ? overlap : 0)
      // Pixel i meets the output i stride + shift.
      const shift = place - (padding === 'valid' ? 0 : Math.floor(overlap / 2))
      const begin = Math.max(Math.ceil(-shift / stride), 0)
      return {
        begin,
        length: Math.min(Math.floor((output - 1 - shift) / stride) + 1, side) - begin,
      }
    })
    if (ranges.some(({ length }) => length <= 0)) return undefined
    const [begins, lengths] = [ranges.map(({ begin }) => begin), ranges.map(({ length }) => length)]
    return slice(images, [0, ...begins, 0], [samples, ...lengths, channels])
  })
}

/** All places of a window, the last axis fastest. */
function offsetsOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (offsets, size) =>
      offsets.flatMap((offset) => Array.from({ length: size }, (_, place) => [...offset, place])),
    [[]],
  )
}
