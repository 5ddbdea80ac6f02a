import { matMul, ones, reshape, square, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import type { Window } from '../layer-kinds/window.js'
import { windowPlaces } from './window-places.js'

/**
 * Which pixels along an axis each element of a window meets: `[elements, pixels]` of 0 and 1. The
 * sum over all that an element meets is then a product with it, axis after axis, and no part of an
 * image is cut out.
 */
type Meetings = Tensor

/**
 * Sum of squares over the first axis, the samples. A product with ones, since backends turn a tensor
 * around before they sum over its first axis.
 */
export function sumOfSquares(values: Tensor): Tensor {
  const [samples = 0, ...rest] = values.shape
  return reshape(matMul(ones([1, samples]), reshape(square(values), [samples, -1])), rest)
}

/**
 * Sum of the squares that each element of a convolution's window meets, for each channel:
 * `[...window, channels]`.
 */
export function squaresByElement(images: Tensor, window: Window): Tensor {
  const { kernelSize, strides, dilations } = window
  const sides = images.shape.slice(1, -1)
  const meetings = windowPlaces(sides, window).map(({ places, before }, axis) => {
    const pixelOf = (element: number, place: number) =>
      place * strides[axis]! + element * dilations[axis]! - before
    return meetingsOf([kernelSize[axis]!, sides[axis]!], (element) =>
      Array.from({ length: places }, (_, place) => pixelOf(element, place)),
    )
  })
  return byElement(sumOfSquares(images), meetings)
}

/**
 * The same for a transposed convolution, whose elements spread pixels into the output: a pixel that
 * falls outside of it is not met.
 */
export function squaresBySpreading(
  images: Tensor,
  { kernelSize, strides, padding }: Omit<Window, 'dilations'>,
): Tensor {
  const sides = images.shape.slice(1, -1)
  const meetings = kernelSize.map((size, axis) => {
    const [side, stride] = [sides[axis]!, strides[axis]!]
    const overlap = Math.max(size - stride, 0)
    const output = side * stride + (padding === 'valid' ? overlap : 0)
    const before = padding === 'valid' ? 0 : Math.floor(overlap / 2)
    const isInside = (element: number) => (pixel: number) => {
      const place = pixel * stride + element - before
      return place >= 0 && place < output
    }
    const pixels = Array.from({ length: side }, (_, pixel) => pixel)
    return meetingsOf([size, side], (element) => pixels.filter(isInside(element)))
  })
  return byElement(sumOfSquares(images), meetings)
}

/** Pixels outside of the image are padding, which is 0. */
function meetingsOf(
  [elements, pixels]: [number, number],
  met: (element: number) => readonly number[],
): Meetings {
  const values = new Float32Array(elements * pixels)
  for (let element = 0; element < elements; element++)
    for (const pixel of met(element))
      if (pixel >= 0 && pixel < pixels) values[element * pixels + pixel] = 1
  return tensor2d(values, [elements, pixels])
}

/** S[a, b, c] = sum over y and x of meets[a, y] meets[b, x] energy[y, x, c]; so for all axes. */
function byElement(energy: Tensor, meetings: readonly Meetings[]): Tensor {
  const channels = energy.shape.at(-1)!
  const window = meetings.map(({ shape }) => shape[0]!)
  let summed = 1 // elements of the axes that are done
  let sums = energy
  for (const meets of meetings) {
    const [elements, pixels] = meets.shape as [number, number]
    sums = matMul(meets, reshape(sums, [summed, pixels, -1]))
    summed *= elements
  }
  return reshape(sums, [...window, channels])
}
