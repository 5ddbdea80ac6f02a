import type { GraphBuilder } from '../graph/builder.js'
import type { Attribute, Side, Value } from '../graph/graph.js'
import { activated } from './activations.js'
import { biasOf } from './dense.js'
import { depthwiseKernel, windowKernel } from './kernels.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { type Window, windowAttributes, windowOf } from './windows.js'

interface Kernel {
  readonly kernel: string
  readonly bias?: string | undefined
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly shape: readonly Side[]
}

/** A convolution without its activation. */
function convolved(graph: GraphBuilder, x: Value, { kernel, bias, attributes, shape }: Kernel) {
  const inputs = [x, kernel, ...(bias === undefined ? [] : [bias])]
  return graph.node('Conv', {
    ...{ inputs, shape, channelsFirst: true },
    ...(attributes && { attributes }),
  })
}

const convolution =
  (axes: number): LayerWriter =>
  (layer) => {
    const window = windowOf(layer, { axes, size: 'kernelSize' })
    const x = layer.graph.channelsFirst(layer.inputs[0]!)
    const made = convolved(layer.graph, x, {
      ...{ kernel: windowKernel(layer), bias: biasOf(layer) },
      ...{ attributes: windowAttributes(window, x), shape: layer.outputs[0]! },
    })
    return activated(layer, made)
  }

/** The window over each channel by itself. */
function channelwise(layer: LayerToWrite, { window, x }: { window: Window; x: Value }) {
  const attributes = { ...windowAttributes(window, x), group: { int: x.shape.at(-1)! } }
  return { kernel: depthwiseKernel(layer, 'depthwise_kernel'), attributes }
}

const depthwise: LayerWriter = (layer) => {
  const x = layer.graph.channelsFirst(layer.inputs[0]!)
  // tfjs reads the option and does not dilate.
  const window = { ...windowOf(layer, { axes: 2, size: 'kernelSize' }), dilations: [1, 1] }
  const alone = { ...channelwise(layer, { window, x }), bias: biasOf(layer) }
  return activated(layer, convolved(layer.graph, x, { ...alone, shape: layer.outputs[0]! }))
}

/** Each channel by itself, and then the channels of each pixel. */
const separable: LayerWriter = (layer) => {
  const x = layer.graph.channelsFirst(layer.inputs[0]!)
  const window = windowOf(layer, { axes: 2, size: 'kernelSize' })
  const shape = layer.outputs[0]!
  const channels = x.shape.at(-1)! * layer.weight('depthwise_kernel')!.shape.at(-1)!
  const alone = { ...channelwise(layer, { window, x }), shape: [...shape.slice(0, -1), channels] }
  const kernel = windowKernel(layer, { role: 'pointwise_kernel' })
  const pixels = convolved(layer.graph, x, alone)
  const made = convolved(layer.graph, pixels, { kernel, bias: biasOf(layer), shape })
  return activated(layer, made)
}

const transposed =
  (axes: number): LayerWriter =>
  (layer) => {
    const { graph } = layer
    const window = windowOf(layer, { axes, size: 'kernelSize' })
    const x = graph.channelsFirst(layer.inputs[0]!)
    const bias = biasOf(layer)
    const made = graph.node('ConvTranspose', {
      inputs: [x, windowKernel(layer, { channelAxis: 1 }), ...(bias === undefined ? [] : [bias])],
      attributes: transposedAttributes(window),
      ...{ shape: layer.outputs[0]!, channelsFirst: true },
    })
    return activated(layer, made)
  }

/**
 * A window that is larger than its stride reaches out of the outcome, a smaller one leaves a rest.
 */
function transposedAttributes({ size, strides, padding }: Window): Record<string, Attribute> {
  const more = size.map((side, axis) => side - strides[axis]!)
  const out = padding === 'same' ? more.map((room) => Math.max(0, room)) : more.map(() => 0)
  const pads = [
    ...out.map((room) => Math.floor(room / 2)),
    ...out.map((room) => Math.ceil(room / 2)),
  ]
  const rest = more.map((room) => Math.max(0, -room))
  return {
    kernel_shape: { ints: size },
    strides: { ints: strides },
    ...(pads.some((pad) => pad > 0) && { pads: { ints: pads } }),
    ...(rest.some((pixels) => pixels > 0) && { output_padding: { ints: rest } }),
  }
}

export const convolutionWriters: Readonly<Record<string, LayerWriter>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
}
