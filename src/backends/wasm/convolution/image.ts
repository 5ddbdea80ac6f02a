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
  /** From one row of pixels to the next on the plane. @default 1 */
  readonly rowStep?: number
  /** From one pixel of a row to the next on the plane; 1 where channels are repeated. @default 1 */
  readonly columnStep?: number
  /** How often each channel is repeated. @default 1 */
  readonly copies?: number
}

/** Copies one image to its plane; the plane must be 0 around it. */
export function placeImage(
  { copyRows }: Engine,
  { from, to }: CopyPlaces,
  placement: Placement,
): void {
  const { width, channels, planeWidth, rowStep = 1, columnStep = 1, copies = 1 } = placement
  const rows = clip({
    length: placement.height,
    start: placement.top,
    step: rowStep,
    space: placement.planeHeight,
  })
  const columns = clip({
    length: width,
    start: placement.left,
    step: columnStep,
    space: planeWidth,
  })
  if (rows.count * columns.count === 0) return
  const [fromStep, toStep] = [width * channels, rowStep * planeWidth * channels * copies]
  const [source, target] = [
    from + rows.first * fromStep + columns.first * channels,
    to + (rows.place * planeWidth + columns.place) * channels * copies,
  ]
  if (columnStep === 1 && copies === 1) {
    const length = columns.count * channels
    copyRows({ rows: rows.count, length, fromStep, toStep }, { from: source, to: target })
    return
  }
  const pixels = {
    rows: columns.count,
    length: channels,
    fromStep: channels,
    toStep: columnStep * channels,
  }
  const elements = { rows: columns.count * channels, length: 1, fromStep: 1, toStep: copies }
  for (let row = 0; row < rows.count; row++) {
    for (let copy = 0; copy < copies; copy++) {
      const places = { from: source + row * fromStep, to: target + row * toStep + copy }
      copyRows(copies === 1 ? pixels : elements, places)
    }
  }
}

/**
 * The part of a row of things that falls into a space, when the first is put at `start` and each a
 * step on.
 */
function clip({
  length,
  start,
  step,
  space,
}: Record<'length' | 'start' | 'step' | 'space', number>) {
  const first = Math.max(0, Math.ceil(-start / step))
  const end = Math.min(length, Math.ceil((space - start) / step))
  return { first, count: Math.max(0, end - first), place: start + first * step }
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
