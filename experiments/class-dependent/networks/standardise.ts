import { tensor4d } from '@tensorflow/tfjs-core'
import type { Parts } from '../sets/image-set.js'
import type { Images } from '../sets/images.js'
import type { Network } from './network.js'

/** Pixels less the mean and by the deviation of the part to train on, channel by channel. */
export const standardise: Network['prepare'] = async (parts: Parts) => {
  const { shape, pixels } = parts.train
  const channels = shape[2]
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  pixels.forEach((pixel, i) => {
    sums[i % channels]! += pixel
    squares[i % channels]! += pixel * pixel
  })
  const count = pixels.length / channels
  const means = sums.map((sum) => sum / count)
  const deviations = squares.map((sum, c) => Math.sqrt(Math.max(sum / count - means[c]! ** 2, 1)))
  const samples = ({ pixels, labels }: Images) => {
    const values = Float32Array.from(pixels, (pixel, i) => {
      const channel = i % channels
      return (pixel - means[channel]!) / deviations[channel]!
    })
    return { xs: tensor4d(values, [labels.length, ...shape]), ys: labels }
  }
  const { train, validation, test } = parts
  return { train: samples(train), validation: samples(validation), test: samples(test) }
}
