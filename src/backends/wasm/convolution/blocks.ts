import type { Geometry } from './geometry.js'

/** A part of an output image, in pixels. */
export interface Block {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/**
 * Cuts an output image into blocks that stay in the first-level cache: some whole rows, or a part
 * of one.
 */
export function blocksOf({ outHeight, outWidth, outChannels }: Geometry): Block[] {
  const pixels = Math.max(64, Math.floor(2_048 / outChannels))
  const [height, width] = [Math.max(1, Math.floor(pixels / outWidth)), Math.min(pixels, outWidth)]
  const blocks: Block[] = []
  for (let top = 0; top < outHeight; top += height) {
    for (let left = 0; left < outWidth; left += width) {
      blocks.push({
        top,
        left,
        height: Math.min(height, outHeight - top),
        width: Math.min(width, outWidth - left),
      })
    }
  }
  return blocks
}
