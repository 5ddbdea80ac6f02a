// A part of a pretrained network, as a model of its own that can be trained and pruned.

import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'

type Given = SymbolicTensor | SymbolicTensor[]
type Call = (layer: layers.Layer, given: Given) => SymbolicTensor
type Wired = layers.Layer & {
  readonly inboundNodes: readonly { readonly inboundLayers: readonly layers.Layer[] }[]
}

/** The layers that are called: those behind `from`, up to `to`, by their names. */
export interface Span {
  readonly from: string
  readonly to: string
}

/** Calls the layers of a span in their order. The answer is the output of the last one. */
function callSpan(whole: LayersModel, { from, to }: Span, start: SymbolicTensor, call: Call) {
  const names = whole.layers.map(({ name }) => name)
  const outputs = new Map([[from, start]])
  for (const layer of whole.layers.slice(names.indexOf(from) + 1, names.indexOf(to) + 1)) {
    const { inboundLayers } = (layer as Wired).inboundNodes[0]!
    const given = inboundLayers.map(({ name }) => outputs.get(name)!)
    outputs.set(layer.name, call(layer, given.length > 1 ? given : given[0]!))
  }
  return outputs.get(to)!
}

/** The network up to a layer, for images of another size. It shares the layers of the whole. */
export function trunkOf(whole: LayersModel, to: string, size: number): LayersModel {
  const images = input({ shape: [size, size, 3] })
  const span = { from: whole.layers[0]!.name, to }
  const call: Call = (layer, given) => layer.apply(given) as SymbolicTensor
  return model({ inputs: images, outputs: callSpan(whole, span, images, call) })
}

/**
 * Copies of the layers of a span. Batch norms are folded into the kernels before them and into
 * biases: norms that are held compute the same, and on wasm more than half of the time of a step
 * goes to them.
 */
export function foldedPart(whole: LayersModel, span: Span, shape: number[]): LayersModel {
  const start = input({ shape })
  const folded: { copy: layers.Layer; values: tf.Tensor[] }[] = []
  let last: { convolution: layers.Layer; copy: layers.Layer } | undefined
  const end = callSpan(whole, span, start, (layer, given) => {
    if (layer.getClassName() === 'BatchNormalization') {
      const { convolution, copy } = last!
      folded.push({ copy, values: fold(convolution, layer) })
      return given as SymbolicTensor
    }
    const copy = copyOf(layer)
    if (layer.weights.length > 0) last = { convolution: layer, copy }
    return copy.apply(given) as SymbolicTensor
  })
  const part = model({ inputs: start, outputs: end })
  for (const { copy, values } of folded) {
    copy.setWeights(values)
    tf.dispose(values)
  }
  return part
}

/** A trainable copy with a bias, without its weights. */
function copyOf(layer: layers.Layer): layers.Layer {
  const config = layer.getConfig()
  const { name } = layer
  // The gradient of this activation needs fewer operations than that of a ReLU with a maximum.
  if (config.maxValue === 6) return layers.activation({ name, activation: 'relu6' })
  const Class = layer.constructor as new (config: object) => layers.Layer
  const bias = layer.weights.length > 0 && { useBias: true }
  return new Class({ ...config, trainable: true, ...bias })
}

/** Kernel and bias of a convolution that has no bias, with the norm behind it. */
function fold(convolution: layers.Layer, norm: layers.Layer): tf.Tensor[] {
  return tf.tidy(() => {
    const [gamma, beta, mean, variance] = norm.getWeights()
    const [kernel] = convolution.getWeights()
    const epsilon = norm.getConfig().epsilon as number
    const factor = tf.div(gamma!, tf.sqrt(tf.add(variance!, epsilon)))
    // A depthwise kernel has its channels one axis earlier.
    const isDepthwise = convolution.getClassName() === 'DepthwiseConv2D'
    const factors = isDepthwise ? tf.reshape(factor, [-1, 1]) : factor
    return [tf.mul(kernel!, factors), tf.sub(beta!, tf.mul(mean!, factor))]
  })
}
