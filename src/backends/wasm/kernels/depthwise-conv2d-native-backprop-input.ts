import { DepthwiseConv2dNative, getKernel, Sum, type TensorInfo } from '@tensorflow/tfjs-core'
import { type Geometry, geometryOf, isEmpty } from '../convolution/geometry.js'
import { placeImage } from '../convolution/image.js'
import {
  indexOf,
  type Kernel,
  type KernelCall,
  type WasmBackend,
  zeros,
} from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * DepthwiseConv2dNativeBackpropInput: the depthwise convolution of dy, its pixels one stride apart,
 * with the flipped filter. With a channel multiplier, the results of each input channel are added
 * up.
 */
export const depthwiseConv2dNativeBackpropInput: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  const input = attrs.inputShape as number[]
  const kernel = 'DepthwiseConv2dNativeBackpropInput'
  const geometry = geometryOf(attrs, { kernel, input, filter: filter.shape, depthwise: true })
  if (isEmpty(geometry)) return zeros(backend, input)
  const { inChannels, outChannels, dilationHeight, dilationWidth, batch, inHeight, inWidth } =
    geometry
  const spread = spreadOut(backend, dy, geometry)
  const flipped = flip(backend, filter, geometry)
  const convolution = { strides: 1, pad: 'valid', dilations: [dilationHeight, dilationWidth] }
  const dx = run(DepthwiseConv2dNative, {
    inputs: { x: spread, filter: flipped },
    attrs: convolution,
    backend,
  })
  backend.disposeData(spread.dataId)
  backend.disposeData(flipped.dataId)
  if (inChannels === outChannels) return dx
  const x = { ...dx, shape: [batch, inHeight, inWidth, inChannels, outChannels / inChannels] }
  const summed = run(Sum, { inputs: { x }, attrs: { axis: 4, keepDims: false }, backend })
  backend.disposeData(dx.dataId)
  return summed
}

function run(name: string, call: KernelCall): TensorInfo {
  return (getKernel(name, 'wasm').kernelFunc as unknown as Kernel)(call)
}

/**
 * dy with its pixels one stride apart and the border that makes a convolution without padding as
 * large as the input.
 */
function spreadOut(backend: WasmBackend, dy: TensorInfo, geometry: Geometry): TensorInfo {
  const {
    batch,
    inHeight,
    inWidth,
    outHeight: height,
    outWidth: width,
    outChannels: channels,
    top,
    left,
  } = geometry
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, strideHeight, strideWidth } =
    geometry
  const [rows, columns] = [(filterHeight - 1) * dilationHeight, (filterWidth - 1) * dilationWidth]
  const [planeHeight, planeWidth] = [inHeight + rows, inWidth + columns]
  const out = zeros(backend, [batch, planeHeight, planeWidth, channels])
  const placement = {
    height,
    width,
    channels,
    top: rows - top,
    left: columns - left,
    planeHeight,
    planeWidth,
    rowStep: strideHeight,
    columnStep: strideWidth,
  }
  for (let image = 0; image < batch; image++) {
    const from = indexOf(backend, dy) + image * height * width * channels
    const to = indexOf(backend, out) + image * planeHeight * planeWidth * channels
    placeImage(engineOf(backend), { from, to }, placement)
  }
  return out
}

/** The filter turned by 180 degrees, one channel per output channel. */
function flip(backend: WasmBackend, filter: TensorInfo, geometry: Geometry): TensorInfo {
  const { filterHeight, filterWidth, outChannels: length } = geometry
  const out = backend.makeOutput([filterHeight, filterWidth, length, 1], 'float32')
  const rows = filterHeight * filterWidth
  const places = { from: indexOf(backend, filter), to: indexOf(backend, out) + (rows - 1) * length }
  engineOf(backend).copyRows({ rows, length, fromStep: length, toStep: -length }, places)
  return out
}
