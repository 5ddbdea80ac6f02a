import type { TensorInfo } from '@tensorflow/tfjs-core'
import { floatsOf, indexOf, type WasmBackend, withScratch } from './backend.js'

/** How the images of an NHWC batch lie in planes that are 0 elsewhere. Lengths are in pixels. */
export interface Placement {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Place of the first pixel; what lies outside of the plane is left out. */
  readonly top: number
  readonly left: number
  readonly planeHeight: number
  readonly planeWidth: number
  /** From one pixel to the next on the plane. @default 1 */
  readonly rowStep?: number
  /** @default 1 */
  readonly columnStep?: number
  /** How often each channel is repeated. @default 1 */
  readonly copies?: number
}

/** Copies one image to its plane; the plane must be 0 around it. */
export function placeImage(heap: Float32Array, places: { from: number; to: number }, placement: Placement): void {
  const {
    height,
    width,
    channels,
    top,
    left,
    planeHeight,
    planeWidth,
    rowStep = 1,
    columnStep = 1,
    copies = 1,
  } = placement
  const whole = columnStep === 1 && copies === 1 && left >= 0 && left + width <= planeWidth
  for (let y = 0; y < height; y++) {
    const row = top + y * rowStep
    if (row < 0 || row >= planeHeight) continue
    const from = places.from + y * width * channels
    const to = places.to + row * planeWidth * channels * copies
    if (whole) heap.copyWithin(to + left * channels, from, from + width * channels)
    else placeRow(heap, { from, to }, { ...placement, rowStep, columnStep, copies })
  }
}

function placeRow(
  heap: Float32Array,
  places: { from: number; to: number },
  { width, channels, left, planeWidth, columnStep, copies }: Required<Placement>,
): void {
  for (let x = 0; x < width; x++) {
    const column = left + x * columnStep
    if (column < 0 || column >= planeWidth) continue
    let to = places.to + column * channels * copies
    for (let from = places.from + x * channels; from < places.from + (x + 1) * channels; from++) {
      for (let copy = 0; copy < copies; copy++) heap[to++] = heap[from]!
    }
  }
}

/** Runs `work` with a function that gives the index of one image's plane; a plane is good until the next is asked for. */
export function withPlanes(
  backend: WasmBackend,
  { images, placement }: { images: TensorInfo; placement: Placement },
  work: (plane: (image: number) => number) => void,
): void {
  const { height, width, channels, top, left, planeHeight, planeWidth, rowStep, columnStep, copies = 1 } = placement
  const size = height * width * channels
  const asItIs = height === planeHeight && width === planeWidth && top === 0 && left === 0 && copies === 1
  if (asItIs && (rowStep ?? 1) === 1 && (columnStep ?? 1) === 1) {
    work((image) => indexOf(backend, images) + image * size)
    return
  }
  const planeSize = planeHeight * planeWidth * channels * copies
  withScratch(backend, planeSize, (plane) => {
    const heap = floatsOf(backend)
    heap.fill(0, plane, plane + planeSize)
    work((image) => {
      placeImage(heap, { from: indexOf(backend, images) + image * size, to: plane }, placement)
      return plane
    })
  })
}
