import type { Tensor4D } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat } from '../internal/option-checks.js'
import { hashSeed, randomStream } from '../internal/random.js'
import type { Augment } from '../types.js'
import { imageShapes, moveImages } from './augment-images.js'

/** Options of {@link mirrorImages}. */
export interface MirrorImagesOptions {
  /** Chance that an image is mirrored, in [0, 1]. @default 0.5 */
  readonly probability?: number
}

const task = 'mirror images'
const checks: OptionChecks<MirrorImagesOptions> = {
  probability: numberThat('in [0, 1]', (chance) => chance >= 0 && chance <= 1),
}

/**
 * Makes a function for `augment` of `fit` that mirrors some images, left to right, drawn anew for
 * each batch:
 *
 *     out[y, x] = in[y, width - 1 - x]  with the given probability, else in[y, x]
 *
 * Pixels keep their values to the last bit, and the same seed mirrors the same images on every
 * backend. All inputs `[n, height, width, channels]` of a sample are mirrored alike, whatever their
 * dtype, inputs of other shapes beside them stay, and so do labels. Leave it
 * out where sides matter: the heart is on the left of a chest, and a mirrored digit is none.
 *
 * @param options The probability.
 * @returns A function for `augment`. Called by itself, the caller disposes the images that it
 *   returns.
 * @throws {TypeError | RangeError} If an option is wrong: at once. If no input is of rank 4:
 *   before a run changes a weight, or at the first batch.
 * @see Krizhevsky, Sutskever and Hinton 2012, ImageNet Classification with Deep Convolutional
 *   Neural Networks, section 4.1: horizontal reflections as augmentation.
 *
 * @example
 * ```ts
 * import { tensor1d, tensor4d } from '@tensorflow/tfjs-core'
 * import { mirrorImages } from 'tfjs-prune'
 *
 * const mirror = mirrorImages({ probability: 1 }) // for fit(data, { augment: mirror, ... })
 * const batch = { xs: [tensor4d([1, 2, 3], [1, 1, 3, 1])], ys: tensor1d([1]) }
 * const { xs } = mirror(batch, { epoch: 0, batch: 0, seed: 1 })
 * if (xs[0]!.dataSync().join() !== '3,2,1') throw new Error('left is right')
 * ```
 */
export function mirrorImages(options: MirrorImagesOptions = {}): Augment {
  checkOptions(options, { task, checks })
  const { probability = 0.5 } = options
  const mirror: Augment = (batch, { seed }) => {
    const movesOf = (images: Tensor4D) => {
      const { uniform } = randomStream(hashSeed(seed, 'mirror'))
      const move = () => ({ row: 0, column: 0, mirrored: uniform() < probability })
      return Array.from({ length: images.shape[0] }, move)
    }
    return moveImages(batch, { task, movesOf, fill: 'edge' })
  }
  const check: Augment['check'] = (shapes) => void imageShapes(shapes, task)
  return Object.assign(mirror, { check, settings: { name: 'mirrorImages', probability } })
}
