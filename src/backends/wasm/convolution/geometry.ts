import { backend_util } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../engine/backend.js'
import type { Placement } from './image.js'

/** Lengths of a 2-D convolution in pixels. */
export interface Geometry {
  readonly batch: number
  readonly inHeight: number
  readonly inWidth: number
  readonly inChannels: number
  readonly outHeight: number
  readonly outWidth: number
  readonly outChannels: number
  readonly filterHeight: number
  readonly filterWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  readonly dilationHeight: number
  readonly dilationWidth: number
  readonly top: number
  readonly left: number
  readonly outShape: [number, number, number, number]
}

interface GeometryOptions {
  readonly kernel: string
  readonly input: number[]
  readonly filter: number[]
  /** @default false */
  readonly depthwise?: boolean
}

/**
 * Works out a convolution from a kernel's attributes. Throws a RangeError for a data format other
 * than NHWC, and for images smaller than the filter, whose output tfjs gives a length below 0.
 */
export function geometryOf(attrs: KernelCall['attrs'], options: GeometryOptions): Geometry {
  const { kernel, input, filter, depthwise = false } = options
  const { strides, dilations, pad, dimRoundingMode, dataFormat } =
    attrs as unknown as ConvolutionAttributes
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new RangeError(
      `Cannot run ${kernel} on wasm: expected data format NHWC, got ${dataFormat}`,
    )
  }
  const shapes = [input, filter] as unknown as [Shape4, Shape4]
  const info = backend_util.computeConv2DInfo(
    ...shapes,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  if (info.outShape.some((length) => length < 0)) {
    const dilated = info.dilationHeight > 1 || info.dilationWidth > 1 ? 'dilated ' : ''
    const sides = `${info.effectiveFilterHeight} x ${info.effectiveFilterWidth}`
    const wanted = `images that hold its ${dilated}filter of ${sides}`
    throw new RangeError(
      `Cannot run ${kernel} on wasm: expected ${wanted}, got ${input[1]} x ${input[2]}`,
    )
  }
  const { top, left } = info.padInfo
  return { ...info, batch: info.batchSize, top, left, outShape: info.outShape }
}

type Shape4 = [number, number, number, number]
type Parameters = typeof backend_util.computeConv2DInfo extends (...parameters: infer P) => unknown
  ? P
  : never

interface ConvolutionAttributes {
  readonly strides: Parameters[2]
  readonly dilations?: Parameters[3]
  readonly pad: Parameters[4]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: string
}

/** The input with its padding around it. */
export function padded(geometry: Geometry): Placement {
  const { inHeight, inWidth, top, left, strideHeight, strideWidth, outHeight, outWidth } = geometry
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = geometry
  return {
    height: inHeight,
    width: inWidth,
    channels: geometry.inChannels,
    top,
    left,
    planeHeight: Math.max(
      top + inHeight,
      (outHeight - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1,
    ),
    planeWidth: Math.max(
      left + inWidth,
      (outWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1,
    ),
  }
}

/** The same convolution with each image as one row, where every pixel is on its own. */
export function flattened(geometry: Geometry): Geometry {
  const {
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
  } = geometry
  const single = filterHeight * filterWidth * strideHeight * strideWidth === 1
  if (!single || inHeight !== outHeight || inWidth !== outWidth) return geometry
  return {
    ...geometry,
    inHeight: 1,
    outHeight: 1,
    inWidth: inHeight * inWidth,
    outWidth: outHeight * outWidth,
  }
}

/** Whether some length is 0, so that there is nothing to add up. */
export function isEmpty(geometry: Geometry): boolean {
  const { batch, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } =
    geometry
  return batch * inChannels * outChannels * outHeight * outWidth * filterHeight * filterWidth === 0
}
