import type { Geometry } from './geometry.js'

/**
 * The pixels `first`, `first + stride`, ... of dx along one axis, and the filter's part that they
 * meet.
 */
export interface Grid {
  readonly first: number
  readonly pixels: number
  /** First place of the filter that is met, and how many, each one stride on. */
  readonly tap: number
  readonly taps: number
  /** Place of dy that the first pixel meets with the last of the taps. */
  readonly from: number
}

interface Axis {
  readonly length: number
  readonly filter: number
  readonly stride: number
  readonly padding: number
}

/** Pixel p meets the filter's place t of output o where p + padding = o * stride + t. */
export function gridsOf({ length, filter, stride, padding }: Axis): Grid[] {
  return Array.from({ length: Math.min(stride, length) }, (_, first) => {
    const tap = (((first + padding) % stride) + stride) % stride // 3-D convolutions have negative paddings, too
    const taps = Math.ceil((filter - tap) / stride)
    const from = (first + padding - tap) / stride - (taps - 1)
    return { first, pixels: Math.ceil((length - first) / stride), tap, taps, from }
  }).filter(({ taps }) => taps > 0)
}

/** Space that dy needs along one axis: zeros before it, and the length in all. */
export function spaceOf(
  grids: readonly Grid[],
  outputs: number,
): { before: number; length: number } {
  const before = Math.max(0, ...grids.map(({ from }) => -from))
  const last = Math.max(outputs, ...grids.map(({ from, pixels, taps }) => from + pixels - 1 + taps))
  return { before, length: before + last }
}

/** The grids along both axes of an image. */
export function axesOf(geometry: Geometry): { vertical: Grid[]; horizontal: Grid[] } {
  const { inHeight, inWidth, filterHeight, filterWidth, strideHeight, strideWidth, top, left } =
    geometry
  return {
    vertical: gridsOf({
      length: inHeight,
      filter: filterHeight,
      stride: strideHeight,
      padding: top,
    }),
    horizontal: gridsOf({
      length: inWidth,
      filter: filterWidth,
      stride: strideWidth,
      padding: left,
    }),
  }
}
