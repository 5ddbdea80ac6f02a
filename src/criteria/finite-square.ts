import { minimum, square, type Tensor } from '@tensorflow/tfjs-core'

/**
 * The highest score that a built-in criterion makes of a square: sums of some of them are finite in
 * float32.
 */
export const HIGHEST_SQUARE = 2 ** 100

/** x^2, at most {@link HIGHEST_SQUARE}. */
export function finiteSquare(x: Tensor): Tensor {
  return minimum(square(x), HIGHEST_SQUARE)
}
