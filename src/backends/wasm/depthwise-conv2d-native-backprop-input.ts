import { DepthwiseConv2dNative, getKernel, Sum, type TensorInfo } from '@tensorflow/tfjs-core'
import { floatsOf, indexOf, type Kernel, type KernelCall, type WasmBackend, zeros } from './backend.js'
import { type Geometry, geometryOf, isEmpty } from './geometry.js'
import { placeImage } from './image.js'

/**
 * DepthwiseConv2dNativeBackpropInput: the depthwise convolution of dy, its pixels one stride apart, with the flipped
 * filter. With a channel multiplier, the results of each input channel are added up.
 */
export const depthwiseConv2dNativeBackpropInput: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  const input = attrs.inputShape as number[]
  const kernel = 'DepthwiseConv2dNativeBackpropInput'
  const geometry = geometryOf(attrs, { kernel, input, filter: filter.shape, depthwise: true })
  if (isEmpty(geometry)) return zeros(backend, input)
  const { inChannels, outChannels, dilationHeight, dilationWidth, batch, inHeight, inWidth } = geometry
  const spread = spreadOut(backend, dy, geometry)
  const flipped = flip(backend, filter, geometry)
  const convolution = { strides: 1, pad: 'valid', dilations: [dilationHeight, dilationWidth] }
  const dx = run(DepthwiseConv2dNative, { inputs: { x: spread, filter: flipped }, attrs: convolution, backend })
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

/** dy with its pixels one stride apart and the border that makes a convolution without padding as large as the input. */
function spreadOut(backend: WasmBackend, dy: TensorInfo, geometry: Geometry): TensorInfo {
  const { batch, inHeight, inWidth, outHeight: height, outWidth: width, outChannels: channels, top, left } = geometry
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, strideHeight, strideWidth } = geometry
  const [rows, columns] = [(filterHeight - 1) * dilationHeight, (filterWidth - 1) * dilationWidth]
  const [planeHeight, planeWidth] = [inHeight + rows, inWidth + columns]
  const out = zeros(backend, [batch, planeHeight, planeWidth, channels])
  const [heap, from, to] = [floatsOf(backend), indexOf(backend, dy), indexOf(backend, out)]
  const [rowStep, columnStep] = [strideHeight, strideWidth]
  for (let image = 0; image < batch; image++) {
    const places = {
      from: from + image * height * width * channels,
      to: to + image * planeHeight * planeWidth * channels,
    }
    const corner = { top: rows - top, left: columns - left, planeHeight, planeWidth, rowStep, columnStep }
    placeImage(heap, places, { height, width, channels, ...corner })
  }
  return out
}

/** The filter turned by 180 degrees, one channel per output channel. */
function flip(backend: WasmBackend, filter: TensorInfo, geometry: Geometry): TensorInfo {
  const { filterHeight, filterWidth, outChannels: channels } = geometry
  const out = zeros(backend, [filterHeight, filterWidth, channels, 1])
  const [heap, from, to] = [floatsOf(backend), indexOf(backend, filter), indexOf(backend, out)]
  const taps = filterHeight * filterWidth
  for (let tap = 0; tap < taps; tap++) {
    heap.copyWithin(to + (taps - 1 - tap) * channels, from + tap * channels, from + (tap + 1) * channels)
  }
  return out
}
