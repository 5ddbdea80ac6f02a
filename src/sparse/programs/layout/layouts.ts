import type { Shape } from '../../network/network.js'
import type { Buffer } from './buffers.js'

/** Elements in row-major order, each with its lanes: [index][lane]. */
export interface Flat {
  readonly buffer: Buffer
  /** Where an image lies inside a larger one of zeros. @default it lies alone */
  readonly frame?: Frame
}

/** A larger image, and the pixels before the one inside. */
export interface Frame {
  readonly height: number
  readonly width: number
  readonly top: number
  readonly left: number
}

/**
 * One image as [channel][y][x]. Floats between the end of a row and the next row, and behind the
 * last row, hold anything.
 */
export interface Planes {
  readonly buffer: Buffer
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Floats from one row to the next, and from one channel to the next. */
  readonly pitch: number
  readonly plane: number
  /** Channels that an image can change; others hold the same for all images. @default all */
  readonly changing?: readonly Run[]
}

/** From the first one to that before the end. */
export interface Run {
  readonly first: number
  readonly end: number
}

/**
 * Planes on which each place of a window is a shift: with strides, the pixels of each residue of y
 * and of x lie in planes of their own.
 */
export interface Phases {
  readonly buffer: Buffer
  readonly pitch: number
  /** Where a place of the window begins, in floats. */
  readonly offsetOf: (y: number, x: number, channel: number) => number
}

export type Image = readonly [height: number, width: number, channels: number]

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1)
}

/** A sample as an image: the last axis holds the channels. */
export function imageOf(shape: Shape): Image {
  const channels = shape.at(-1) ?? 1
  if (shape.length === 3) return [shape[0]!, shape[1]!, channels]
  return [1, sizeOf(shape.slice(0, -1)), channels]
}

/** Where the element at an index in row-major order lies, in floats. */
export function placeInPlanes({ width, channels, pitch, plane }: Planes, index: number): number {
  const pixel = Math.floor(index / channels)
  const y = Math.floor(pixel / width)
  return (index % channels) * plane + y * pitch + (pixel % width)
}
