import type { TensorInfo } from '@tensorflow/tfjs-core'
import { blocksOf } from '../convolution/blocks.js'
import { geometryOf, isEmpty, padded } from '../convolution/geometry.js'
import { withPlanes } from '../convolution/image.js'
import { indexOf, type Kernel, zeros } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * DepthwiseConv2dNativeBackpropFilter: dw[i, j, in, m] = sum over images and pixels of
 * x[y * stride + i * dilation, x * stride + j * dilation, in] * dy[y, x, in * multiplier + m].
 */
export const depthwiseConv2dNativeBackpropFilter: Kernel = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const filter = attrs.filterShape as number[]
  const kernel = 'DepthwiseConv2dNativeBackpropFilter'
  const geometry = geometryOf(attrs, { kernel, input: x.shape, filter, depthwise: true })
  const dw = zeros(backend, filter)
  if (isEmpty(geometry)) return dw
  const {
    batch,
    inChannels,
    outChannels: channels,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
  } = geometry
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry
  const placement = { ...padded(geometry), copies: channels / inChannels }
  const rowSize = placement.planeWidth * channels
  const works = blocksOf(geometry).map(({ top, left, height: outer, width: inner }) => ({
    x: top * strideHeight * rowSize + left * strideWidth * channels,
    y: (top * outWidth + left) * channels,
    work: {
      channels,
      outer,
      inner,
      xOuter: strideHeight * rowSize,
      xInner: strideWidth * channels,
      yOuter: outWidth * channels,
      yInner: channels,
    },
  }))
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => ({
    place:
      Math.floor(tap / filterWidth) * dilationHeight * rowSize +
      (tap % filterWidth) * dilationWidth * channels,
    out: indexOf(backend, dw) + tap * channels,
  }))
  const { correlate } = engineOf(backend)
  withPlanes(backend, { from: indexOf(backend, x), placement }, (planeOf) => {
    for (let image = 0; image < batch; image++) {
      const plane = planeOf(image)
      const from = indexOf(backend, dy) + image * outHeight * outWidth * channels
      for (const block of works) {
        for (const { place, out } of taps)
          correlate(block.work, { x: plane + block.x + place, y: from + block.y, out })
      }
    }
  })
  return dw
}
