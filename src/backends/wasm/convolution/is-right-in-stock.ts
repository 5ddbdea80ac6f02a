import { type Geometry, isEmpty } from './geometry.js'

/**
 * Whether the kernels of tfjs-backend-wasm 4.22 give right values for a padding: not for `same` with
 * a filter smaller than a stride, unless it has one pixel, and not for numbers, where filters or
 * strides that are no squares take them beyond their memory. Where the output has no rows, they
 * write one.
 */
export function isRightInStock(geometry: Geometry, pad: unknown): boolean {
  if (isEmpty(geometry)) return false
  const { filterHeight, filterWidth, strideHeight, strideWidth } = geometry
  const covers = filterHeight >= strideHeight && filterWidth >= strideWidth
  const isPixel = filterHeight === 1 && filterWidth === 1
  return pad === 'valid' || (pad === 'same' && (covers || isPixel))
}
