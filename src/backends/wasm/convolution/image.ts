import { floatsOf, type WasmBackend, withScratch } from '../engine/backend.js'
import type { CopyPlaces, Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'

/** How the images of an NHWC batch lie in planes that are 0 elsewhere. Lengths are in pixels. */
export interface Placement {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Place of the first pixel; pixels outside of the plane are left out. */
  readonly top: number
  readonly left: number
  readonly planeHeight: number
  readonly planeWidth: number
  /** How often each channel is repeated. @default 1 */
  readonly copies?: number
}

/** Copies one image to its plane; the plane must be 0 around it. */
export function placeImage(
  { copyRows }: Engine,
  { from, to }: CopyPlaces,
  placement: Placement,
): void {
  const { width, channels, planeWidth, copies = 1 } = placement
  const rows = clip(placement.height, placement.top, placement.planeHeight)
  const columns = clip(width, placement.left, planeWidth)
  if (rows.count * columns.count === 0) return
  const [fromStep, toStep] = [width * channels, planeWidth * channels * copies]
  const [source, target] = [
    from + rows.first * fromStep + columns.first * channels,
    to + (rows.place * planeWidth + columns.place) * channels * copies,
  ]
  const length = columns.count * channels
  if (copies === 1) {
    copyRows({ rows: rows.count, length, fromStep, toStep }, { from: source, to: target })
    return
  }
  const elements = { rows: length, length: 1, fromStep: 1, toStep: copies }
  for (let row = 0; row < rows.count; row++) {
    for (let copy = 0; copy < copies; copy++) {
      const places = { from: source + row * fromStep, to: target + row * toStep + copy }
      copyRows(elements, places)
    }
  }
}

/** The part of a row of things that falls into a space, when the first is put at `start`. */
function clip(length: number, start: number, space: number) {
  const first = Math.max(0, -start)
  return {
    first,
    count: Math.max(0, Math.min(length, space - start) - first),
    place: start + first,
  }
}

/**
 * Runs `work` with a function that gives the place of an image's plane, which is good until the
 * next one is asked for. The images begin at `from`.
 */
export function withPlanes(
  backend: WasmBackend,
  { from, placement }: { from: number; placement: Placement },
  work: (plane: (image: number) => number) => void,
): void {
  const { height, width, channels, planeHeight, planeWidth, copies = 1 } = placement
  const size = height * width * channels
  if (height === planeHeight && width === planeWidth && copies === 1) {
    work((image) => from + image * size)
    return
  }
  const planeSize = planeHeight * planeWidth * channels * copies
  withScratch(backend, planeSize, (plane) => {
    floatsOf(backend).fill(0, plane, plane + planeSize)
    work((image) => {
      placeImage(engineOf(backend), { from: from + image * size, to: plane }, placement)
      return plane
    })
  })
}
