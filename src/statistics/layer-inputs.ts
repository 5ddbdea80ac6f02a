import {
  cast,
  concat,
  depthwiseConv2d,
  fill,
  matMul,
  ones,
  reshape,
  square,
  stack,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  transpose,
  unsortedSegmentSum,
  zeros,
} from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/layer-class.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { patchesOf, spreadPartsOf, type Window } from './patches.js'

type Layer = layers.Layer

/** What a weight is multiplied with, whatever its layer. */
interface Inputs {
  /** Sum of squares of each input, of a shape that can be multiplied with the weight. */
  readonly squares: () => Tensor
  /**
   * One row `[inputs]` for each output of the layer; undefined where outputs do not share their
   * inputs.
   */
  readonly rows: (() => Tensor) | undefined
}

/**
 * Sum of squares of what each element of the weight is multiplied with, for one call of its layer.
 */
export function sumSquaredInputs(weight: ModelWeight, input: Tensor, output: Tensor): Tensor {
  if (isBias(weight)) return constant(weight, output)
  return inputsOf(weight, input, 'inputNorm').squares()
}

/** Sum of x x^T over all places, and their number. */
export function sumInputProducts(
  weight: ModelWeight,
  input: Tensor,
): { sum: Tensor; count: number } {
  const { rows } = inputsOf(weight, input, 'inputProducts')
  if (!rows) throw notKnown(weight, 'inputProducts')
  const all = rows()
  return { sum: matMul(all, all, true, false), count: all.shape[0]! }
}

function inputsOf(weight: ModelWeight, input: Tensor, statistic: string): Inputs {
  const { owner, shape } = weight
  const role = weight.role.replace(/_\d+$/, '')
  const className = classNameOf(owner)
  if (isBias(weight)) throw notKnown(weight, statistic)
  if (className === 'Dense' || (/^(SimpleRNN|GRU|LSTM)$/.test(className) && role === 'kernel')) {
    return features(input, shape)
  }
  if (className === 'Embedding') return indices(input, shape)
  const images = channelsLast(owner, input)
  if (/^Conv[123]D$/.test(className)) return convolved(patchesOf(images, windowOf(owner)), shape)
  if (className === 'Conv2DTranspose' || className === 'Conv3DTranspose')
    return spread(spreadPartsOf(images, windowOf(owner)), shape)
  if (role === 'depthwise_kernel') {
    const { squares } = convolved(patchesOf(images, windowOf(owner)), shape)
    return { squares, rows: undefined }
  }
  if (role === 'pointwise_kernel') return convolved([deepened(owner, images)], shape)
  throw notKnown(weight, statistic)
}

function notKnown({ name, owner }: ModelWeight, statistic: string): RangeError {
  const got = `${owner.getClassName()}: leave it out with the option select`
  return new RangeError(
    `Cannot gather ${statistic} of ${name}: expected a layer whose inputs are known, got ${got}`,
  )
}

/** `[..., inputs]` of a dense kernel `[inputs, units]`. */
function features(input: Tensor, [inputs = 1]: readonly number[]): Inputs {
  const rows = () => reshape(input, [-1, inputs])
  return { squares: () => reshape(sum(square(rows()), 0), [inputs, 1]), rows }
}

function isBias({ role }: ModelWeight): boolean {
  return /^bias(_\d+)?$/.test(role)
}

/** Every element of a bias is multiplied with 1 at each place of the output. */
function constant({ owner }: ModelWeight, output: Tensor): Tensor {
  const last = channelsLast(owner, output)
  return fill([1], last.size / last.shape.at(-1)!)
}

function indices(input: Tensor, [words = 1]: readonly number[]): Inputs {
  const count = () => {
    const flat = cast(reshape(input, [-1]), 'int32') as Tensor1D
    return reshape(unsortedSegmentSum(ones([flat.size, 1]), flat, words), [words, 1])
  }
  return { squares: count, rows: undefined }
}

function convolved(patches: Tensor[], shape: readonly number[]): Inputs {
  const channels = patches[0]!.shape.at(-1)!
  const perPlace = (patch: Tensor) => sum(square(reshape(patch, [-1, channels])), 0)
  return {
    squares: () => reshape(stack(patches.map(perPlace)), [...shape.slice(0, -1), 1]),
    rows: () => reshape(concat(patches, -1), [-1, patches.length * channels]),
  }
}

/** A transposed kernel `[...window, outputs, inputs]`: all outputs see the same. */
function spread(parts: readonly (Tensor | undefined)[], shape: readonly number[]): Inputs {
  const channels = shape.at(-1)!
  const ofPart = (part: Tensor | undefined) =>
    part ? sum(square(reshape(part, [-1, channels])), 0) : zeros([channels])
  const squares = () => reshape(stack(parts.map(ofPart)), [...shape.slice(0, -2), 1, channels])
  return { squares, rows: undefined }
}

/** The input of a separable convolution's second half. */
function deepened(owner: Layer, images: Tensor): Tensor {
  const { strides, dilations, padding } = windowOf(owner)
  const kernel = owner.weights
    .find(({ originalName }) => originalName.endsWith('depthwise_kernel'))!
    .read()
  const [tall, wide] = strides as [number, number]
  const pair = dilations as [number, number]
  return depthwiseConv2d(
    images as Tensor4D,
    kernel as Tensor4D,
    [tall, wide],
    padding as 'same',
    'NHWC',
    pair,
  )
}

/** The window of a convolution, one number per spatial axis. */
export function windowOf(owner: Layer): Window {
  const { kernelSize, strides, dilationRate, padding } = owner.getConfig() as unknown as Record<
    string,
    number[]
  >
  // The depthwise layer of tfjs has a dilation and computes without.
  const dilation = classNameOf(owner) === 'DepthwiseConv2D' ? 1 : (dilationRate ?? 1)
  const list = (value: number | readonly number[]) =>
    typeof value === 'number' ? kernelSize!.map(() => value) : value
  return {
    kernelSize: kernelSize!,
    strides: list(strides!),
    dilations: list(dilation),
    padding: padding as unknown as Window['padding'],
  }
}

/** Images with the channels along the last axis. */
export function channelsLast(owner: Layer, images: Tensor): Tensor {
  if (owner.getConfig().dataFormat !== 'channelsFirst') return images
  const [samples, channels, ...places] = images.shape.map((_, axis) => axis)
  return transpose(images, [samples!, ...places, channels!])
}
