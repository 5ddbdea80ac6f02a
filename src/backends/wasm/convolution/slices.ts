import { backend_util } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../engine/backend.js'
import type { Geometry } from './geometry.js'

/**
 * A 3-D convolution as a sum of 2-D ones: each slice of the output takes one slice of the input per
 * slice of the filter.
 */
export interface Slices {
  /** Of one pair of slices. */
  readonly geometry: Geometry
  /**
   * Which slice of the batch of outputs meets which of the batch of inputs with which of the
   * filter.
   */
  readonly meetings: readonly {
    readonly input: number
    readonly output: number
    readonly filter: number
  }[]
}

type Parameters = typeof backend_util.computeConv3DInfo extends (...parameters: infer P) => unknown
  ? P
  : never

/** Cuts a 3-D convolution without dilation into slices. */
export function slicesOf(
  attrs: KernelCall['attrs'],
  shapes: { input: number[]; filter: number[] },
): Slices {
  const { strides, pad } = attrs as unknown as { strides: Parameters[2]; pad: Parameters[4] }
  const [input, filter] = [shapes.input, shapes.filter] as unknown as [Parameters[0], Parameters[1]]
  const info = backend_util.computeConv3DInfo(input, filter, strides, 1, pad)
  const { batchSize, inDepth, outDepth, filterDepth, strideDepth, padInfo } = info
  const meetings = []
  for (let image = 0; image < batchSize; image++) {
    for (let output = 0; output < outDepth; output++) {
      for (let slice = 0; slice < filterDepth; slice++) {
        const place = output * strideDepth + slice - padInfo.front
        if (place < 0 || place >= inDepth) continue
        meetings.push({
          input: image * inDepth + place,
          output: image * outDepth + output,
          filter: slice,
        })
      }
    }
  }
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info
  const lengths = {
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
  }
  const steps = {
    strideHeight,
    strideWidth,
    dilationHeight: 1,
    dilationWidth: 1,
    top: padInfo.top,
    left: padInfo.left,
  }
  return {
    geometry: { batch: 1, ...lengths, ...steps, outShape: [1, outHeight, outWidth, outChannels] },
    meetings,
  }
}

/** Floats of one slice of the input, the output and the filter. */
export function sizesOf(geometry: Geometry): { input: number; output: number; filter: number } {
  const {
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
  } = geometry
  return {
    input: inHeight * inWidth * inChannels,
    output: outHeight * outWidth * outChannels,
    filter: filterHeight * filterWidth * inChannels * outChannels,
  }
}
