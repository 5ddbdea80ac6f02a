import { pad, stridedSlice, type Tensor } from '@tensorflow/tfjs-core'
import type { Window } from '../layer-kinds/window.js'
import { windowPlaces } from './window-places.js'

/**
 * The part of the images that each place of a convolution's kernel sees: `[n, ...places, channels]`
 * for each element of the kernel's window, in row-major order. Places outside of the image are 0.
 */
export function patchesOf(images: Tensor, window: Window): Tensor[] {
  const { kernelSize, strides, dilations } = window
  const axes = windowPlaces(images.shape.slice(1, -1), window)
  const margins = axes.map(({ before, after }): [number, number] => [Math.max(before, 0), after])
  const padded = pad(images, [[0, 0], ...margins, [0, 0]])
  const [samples, channels] = [images.shape[0]!, images.shape.at(-1)!]
  return offsetsOf(kernelSize).map((offset) => {
    const begin = offset.map(
      (place, axis) => Math.max(-axes[axis]!.before, 0) + place * dilations[axis]!,
    )
    const end = axes.map(({ places }, axis) => begin[axis]! + (places - 1) * strides[axis]! + 1)
    return stridedSlice(padded, [0, ...begin, 0], [samples, ...end, channels], [1, ...strides, 1])
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
