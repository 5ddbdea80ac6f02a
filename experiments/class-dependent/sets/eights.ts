import { readDigits } from '../../../examples/support/mnist.js'
import type { ImageSet } from './image-set.js'
import { rareAmong } from './rare-among.js'

/** MNIST: the digit 8 among the others. */
export function eights(): ImageSet {
  const { pixels, digits } = readDigits('train')
  return rareAmong({ shape: [28, 28, 1], pixels, kinds: digits }, 8)
}
