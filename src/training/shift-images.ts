import type { Tensor4D } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkIndex, required } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { hashSeed, randomStream } from '../internal/random.js'
import type { Augment } from '../types.js'
import { type BatchShape, imageShapes, moveImages } from './augment-images.js'

/** Options of {@link shiftImages}. */
export interface ShiftImagesOptions {
  /** Most pixels that an image is moved by, along each side: a whole number below both sides. */
  readonly pixels: number
  /**
   * The values that come in at the border: the nearest pixel of the image, or one finite number,
   * such as 0 for black. @default 'edge'
   */
  readonly fill?: 'edge' | number
}

const task = 'shift images'
const checks: OptionChecks<ShiftImagesOptions> = {
  pixels: required(checkIndex),
  fill: (fill, { name }) => {
    if (fill === 'edge' || Number.isFinite(fill)) return
    const Wrong = typeof fill === 'number' ? RangeError : TypeError
    const message = `expected ${name} to be 'edge' or a finite number, got ${describe(fill)}`
    throw optionError(new Wrong(`Cannot ${task}: ${message}`))
  },
}

/**
 * Makes a function for `augment` of `fit` that moves each image by whole pixels, drawn anew for
 * each batch:
 *
 *     out[y, x] = in[y + a, x + b],  a and b uniform in {-pixels, ..., pixels}
 *
 * Pixels keep their values to the last bit, and the same seed gives the same moves on every
 * backend. All inputs `[n, height, width, channels]` of a sample are moved alike, whatever their
 * dtype, inputs of other shapes beside them stay, and so do labels. `fill` is cast to the dtype of
 * the images.
 *
 * The default border brings in no value that the image lacks, whatever its units are.
 *
 * @param options Most pixels, and the border.
 * @returns A function for `augment`. Called by itself, the caller disposes the images that it
 *   returns.
 * @throws {TypeError | RangeError} If an option is wrong: at once. If no input is of rank 4, or
 *   `pixels` is not below a side of the images: before a run changes a weight, or at the first
 *   batch.
 * @see Krizhevsky, Sutskever and Hinton 2012, ImageNet Classification with Deep Convolutional
 *   Neural Networks, section 4.1: translations as augmentation.
 *
 * @example
 * ```ts
 * import { range, reshape, tensor1d } from '@tensorflow/tfjs-core'
 * import { shiftImages } from 'tfjs-prune'
 *
 * const images = reshape(range(0, 9), [1, 3, 3, 1])
 * const shift = shiftImages({ pixels: 1, fill: 0 }) // for fit(data, { augment: shift, ... })
 * const { xs } = shift({ xs: [images], ys: tensor1d([1]) }, { epoch: 0, batch: 0, seed: 4 })
 * if (xs[0]!.shape.join() !== '1,3,3,1') throw new Error('the same shape')
 * ```
 */
export function shiftImages(options: ShiftImagesOptions): Augment {
  checkOptions(options, { task, checks })
  const { pixels, fill = 'edge' } = options
  const shift: Augment = (batch, { seed }) => {
    const movesOf = (images: Tensor4D) => {
      checkSides(images.shape, pixels)
      const { below } = randomStream(hashSeed(seed, 'shift'))
      const draw = () => below(2 * pixels + 1) - pixels
      const move = () => ({ row: draw(), column: draw(), mirrored: false })
      return Array.from({ length: images.shape[0] }, move)
    }
    return moveImages(batch, { task, movesOf, fill })
  }
  const check: Augment['check'] = (shapes) => {
    for (const shape of imageShapes(shapes, task)) checkSides(shape, pixels)
  }
  return Object.assign(shift, { check, settings: { name: 'shiftImages', pixels, fill } })
}

/** Throws if nothing may be left of an image. */
function checkSides([, height, width]: BatchShape, pixels: number): void {
  const sides = [height, width].map((side) => side ?? Number.POSITIVE_INFINITY)
  if (pixels < Math.min(...sides)) return
  const got = `${pixels} for images of ${height ?? 'any'} x ${width ?? 'any'}`
  throw new RangeError(`Cannot ${task}: expected pixels below the sides of images, got ${got}`)
}
