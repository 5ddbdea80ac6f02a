import type { Window } from '../layer-kinds/window.js'

/** Where a window stands along an axis: at `places` places, from `before` pixels before its first. */
export interface AxisPlaces {
  readonly places: number
  /** Below 0 where the first window begins within the image. */
  readonly before: number
  /** Pixels behind the last one that the last window reaches. */
  readonly after: number
}

/** The places of a convolution's window along each spatial axis of an image. */
export function windowPlaces(
  sides: readonly number[],
  { kernelSize, strides, dilations, padding }: Window,
): AxisPlaces[] {
  return kernelSize.map((size, axis) => {
    const [length, stride] = [sides[axis]!, strides[axis]!]
    const reach = (size - 1) * dilations[axis]! + 1
    const places = Math.ceil((length - (padding === 'valid' ? reach - 1 : 0)) / stride)
    const missing = padding === 'valid' ? 0 : (places - 1) * stride + reach - length
    // Where strides leave something out, the first window of three axes begins within the image.
    const before = Math.floor((kernelSize.length > 2 ? missing : Math.max(missing, 0)) / 2)
    return { places, before, after: Math.max(missing - before, 0) }
  })
}
