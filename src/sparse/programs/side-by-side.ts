import type { Network } from '../network/network.js'
import { imageOf } from './layout/layouts.js'
import { hasPlanes } from './windows/plane-products.js'

/**
 * Times of a multiply-add of one image, as a float and on planes, by that of 16 side by side.
 * Measured: 2 samples are as fast for an MLP of 3 or 25 % of its weights; 10 to 15 for CNNs of the
 * same, 14 for AlexNet, 12 for MobileNetV2.
 */
const [OF_FLOATS, OF_PLANES] = [7.5, 1.2] as const

/**
 * So many samples cost as much one by one as 16 side by side: 13 where all is summed on planes, 2
 * where nothing is.
 */
export function fewSamples({ shapes, steps }: Network): number {
  let [floats, planes] = [0, 1]
  for (const { operation, inputs, output } of steps) {
    const [height, width] = imageOf(shapes[output]!)
    if (operation.kind === 'product') {
      const sums = operation.matrix.values.length * height * width
      if (hasPlanes(shapes[output]!)) planes += sums
      else floats += sums
    } else if (operation.kind === 'recurrent') {
      const { kernel, recurrentKernel } = operation
      floats += (kernel.values.length + recurrentKernel.values.length) * shapes[inputs[0]!]![0]!
    }
  }
  return (16 * (floats + planes)) / (OF_FLOATS * floats + OF_PLANES * planes)
}
