import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'

/** Images [n, 28, 28, 1] in [0, 1] and labels, 1 = the digit to detect. */
export interface Digits {
  readonly xs: tf.Tensor4D
  readonly ys: Uint8Array
}

const folder = join(
  dirname(createRequire(import.meta.url).resolve('mnist-loader/package.json')),
  'data',
)

/** The images of a split, 784 bytes each, and the digits on them. */
export function readDigits(split: 'train' | 't10k'): { pixels: Uint8Array; digits: Uint8Array } {
  const pixels = readFileSync(join(folder, `${split}-images-idx3-ubyte`)).subarray(16)
  const digits = readFileSync(join(folder, `${split}-labels-idx1-ubyte`)).subarray(8)
  return { pixels, digits }
}

/**
 * The first images of a split that make one digit rare: five others to each.
 *
 * @param skip Number of positives to pass over, with five negatives each, so that two parts of a
 *   split do not overlap.
 */
export function rareDigit(
  split: 'train' | 't10k',
  { digit, positives, skip = 0 }: { digit: number; positives: number; skip?: number },
): Digits {
  const { pixels: images, digits } = readDigits(split)
  const seen = [0, 0]
  const picked: number[] = []
  digits.forEach((value, i) => {
    const label = value === digit ? 1 : 0
    const share = label === 1 ? 1 : 5
    const rank = seen[label]!++
    if (rank >= skip * share && rank < (skip + positives) * share) picked.push(i)
  })
  const pixels = new Float32Array(picked.length * 784)
  picked.forEach((image, row) => {
    for (let j = 0; j < 784; j++) pixels[row * 784 + j] = images[image * 784 + j]! / 255
  })
  return {
    xs: tf.tensor4d(pixels, [picked.length, 28, 28, 1]),
    ys: Uint8Array.from(picked, (i) => (digits[i] === digit ? 1 : 0)),
  }
}

/** Consecutive images of a split and the digits on them. */
export function someDigits(
  split: 'train' | 't10k',
  { from, count }: { from: number; count: number },
): Digits {
  const { pixels: images, digits } = readDigits(split)
  const pixels = images.subarray(from * 784, (from + count) * 784)
  const xs = tf.tensor4d(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    [count, 28, 28, 1],
  )
  return { xs, ys: Uint8Array.from(digits.subarray(from, from + count)) }
}

/** All images of a split and the digits on them. */
export function allDigits(split: 'train' | 't10k'): Digits {
  const { pixels: images, digits } = readDigits(split)
  const xs = tf.tensor4d(
    Float32Array.from(images, (pixel) => pixel / 255),
    [digits.length, 28, 28, 1],
  )
  return { xs, ys: Uint8Array.from(digits) }
}
