import {
  concat,
  fill as filled,
  gather,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import type { TrainingBatch } from '../types.js'
import { isReadAtOnce } from './is-read-at-once.js'

/** Where an image is read: the place of its first pixel, and the direction of its rows. */
export interface Move {
  readonly row: number
  readonly column: number
  readonly mirrored: boolean
}

interface Change {
  /** The caller's task, e.g. `shift images`. */
  readonly task: string
  /** A move for each of the images, the same whenever it is asked. */
  readonly movesOf: (images: Tensor4D) => readonly Move[]
  /** The values beyond an image. */
  readonly fill: 'edge' | number
}

/**
 * The batch with its images moved: its inputs `[n, height, width, channels]`; all else stays.
 * Throws if there are none.
 */
export function moveImages({ xs, ys }: TrainingBatch, change: Change): TrainingBatch {
  imageShapes(
    xs.map(({ shape }) => shape),
    change.task,
  )
  const move = isReadAtOnce() ? moveHere : moveThere
  const moved = (images: Tensor4D) => {
    return move(images, placesOf(images, change), valueBeyond(change.fill, images))
  }
  return tidy(() => ({ xs: xs.map((one) => (isImages(one) ? moved(one) : one)), ys }))
}

/** Shape of a batch, null for a side that is not known. */
export type BatchShape = readonly (number | null)[]

/** The shapes of images, `[n, height, width, channels]`, among those of inputs. Throws if there are none. */
export function imageShapes(shapes: readonly BatchShape[], task: string): readonly BatchShape[] {
  const found = shapes.filter(({ length }) => length === 4)
  if (found.length > 0) return found
  const sides = (shape: BatchShape) => shape.map((side) => side ?? 'n').join(', ')
  const got = shapes.map((shape) => `[${sides(shape)}]`).join(' and ')
  throw new TypeError(
    `Cannot ${task}: expected an input of shape [n, height, width, channels], got ${got}`,
  )
}

function isImages(input: Tensor): input is Tensor4D {
  return input.rank === 4
}

/** The pixel of all images that each pixel is read from; their number is one beyond its image. */
function placesOf(images: Tensor4D, { movesOf, fill }: Change): Int32Array {
  const [samples, height, width] = images.shape
  const places = new Int32Array(samples * height * width)
  let next = 0
  movesOf(images).forEach(({ row, column, mirrored }, image) => {
    const place = (wantedRow: number, wantedColumn: number) => {
      const y = Math.min(Math.max(wantedRow, 0), height - 1)
      const x = Math.min(Math.max(wantedColumn, 0), width - 1)
      const isInside = fill === 'edge' || (y === wantedRow && x === wantedColumn)
      return isInside ? (image * height + y) * width + x : places.length
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++)
        places[next++] = place(y + row, (mirrored ? width - 1 - x : x) + column)
    }
  })
  return places
}

/** The value beyond an image in the dtype of the images; 0 where no place is beyond. */
function valueBeyond(fill: 'edge' | number, { dtype }: Tensor): number {
  if (fill === 'edge') return 0
  return dtype === 'bool' ? Number(fill !== 0) : dtype === 'int32' ? Math.trunc(fill) : fill
}

/** Moves images by a loop. */
export function moveHere(images: Tensor4D, places: Int32Array, fill: number): Tensor4D {
  const channels = images.shape[3]
  const values = images.dataSync()
  const moved = values.slice().fill(fill)
  for (let i = 0; i < places.length; i++) {
    if (places[i] === places.length) continue
    for (let channel = 0; channel < channels; channel++)
      moved[i * channels + channel] = values[places[i]! * channels + channel]!
  }
  return tensor(moved, images.shape, images.dtype) as Tensor4D
}

/** Moves images by a kernel, wherever they are. */
export function moveThere(images: Tensor4D, places: Int32Array, fill: number): Tensor4D {
  const channels = images.shape[3]
  const pixels = reshape(images, [places.length, channels])
  const beyond = filled([1, channels], fill, images.dtype as 'float32')
  return reshape(gather(concat([pixels, beyond]), tensor1d(places, 'int32')), images.shape)
}
