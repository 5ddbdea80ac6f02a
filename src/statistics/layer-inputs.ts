import {
  cast,
  concat,
  denseBincount,
  depthwiseConv2d,
  fill,
  matMul,
  ones,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { ModelWeight } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { channelAxis, sumsInputs } from '../layer-kinds/weight-axes.js'
import { type Window, windowOf } from '../layer-kinds/window.js'
import { channelsLast } from './channels-last.js'
import type { LayerCall } from './observe-layers.js'
import { patchesOf } from './patches.js'
import { countPlaces, keepSteps } from './step-masks.js'
import { squaresByElement, squaresBySpreading, sumOfSquares } from './sums-by-element.js'

/** The numbers that a weight is multiplied with, whatever its layer. */
interface Inputs {
  /** Sum of squares of each input, of a shape that can be multiplied with the weight. */
  readonly squares: () => Tensor
  /**
   * One row `[inputs]` for each output of the layer; undefined where outputs do not share their
   * inputs.
   */
  readonly rows: (() => Tensor) | undefined
}

/** Throws unless the inputs that a weight is multiplied with are known. */
export function checkInputs(weight: ModelWeight, statistic: 'inputNorm' | 'inputProducts'): void {
  const { kind, read } = readingOf(weight)
  const isKnown =
    statistic === 'inputProducts'
      ? hasInputRows(weight)
      : isBias(weight) || (kind && (read === 'row' || read === 'in'))
  if (!isKnown) throw notKnown(weight, statistic)
}

/** Sum of squares of the inputs of each element of a weight, for one call of its layer. */
export function sumSquaredInputs(weight: ModelWeight, call: LayerCall): Tensor {
  if (isBias(weight)) return constant(weight, call)
  return inputsOf(weight, call, 'inputNorm').squares()
}

/** Sum of x x^T over all places, and their number. */
export function sumInputProducts(
  weight: ModelWeight,
  call: LayerCall,
): { sum: Tensor; count: number | Tensor } {
  const { rows } = inputsOf(weight, call, 'inputProducts')
  if (!rows) throw notKnown(weight, 'inputProducts')
  const all = rows()
  return { sum: matMul(all, all, true, false), count: countPlaces(all.shape[0]!, call.mask) }
}

/** Whether all outputs of a kernel read the same inputs: there are rows of them. */
export function hasInputRows(weight: ModelWeight): boolean {
  const { kind, read, shared } = readingOf(weight)
  if (!kind || read !== 'in') return false
  return !kind.window || shared.length > 0 || (kind.window === 'gathers' && sumsInputs(weight))
}

/** The inputs of a kernel with such rows, one row `[inputs]` for each place of the outputs. */
export function inputRows(weight: ModelWeight, call: LayerCall): Tensor {
  return inputsOf(weight, call, 'inputProducts').rows!()
}

/** The kind of a kernel's layer, where its inputs are known, and the dimensions that it reads. */
function readingOf(weight: ModelWeight) {
  const kind = registeredKind(weight.className)
  const { use, axes } = layoutOf(weight)
  const [read, ...shared] = axes[channelAxis(weight)] ?? []
  const isKnown = kind && use === 'kernel' && !(kind.recurrent && kind.window)
  return { kind: isKnown ? kind : undefined, read, shared }
}

function inputsOf(weight: ModelWeight, call: LayerCall, statistic: string): Inputs {
  const { owner, shape } = weight
  const { kind, read, shared } = readingOf(weight)
  if (kind && read === 'row') return indices(call, shape)
  if (!kind || read !== 'in') throw notKnown(weight, statistic)
  // Sums of squares of integers overflow.
  const input = keepSteps(cast(call.input, 'float32'), call.mask)
  if (!kind.window) return features(input, shape)
  const images = channelsLast(owner, input)
  const window = windowOf(owner)
  if (shared.length > 0) return convolved(deepened(weight, images), pixelByPixel(window), shape)
  if (kind.window === 'spreads') return spread(images, window, shape)
  const { squares, rows } = convolved(images, window, shape)
  return { squares, rows: sumsInputs(weight) ? rows : undefined }
}

function notKnown({ name, owner }: ModelWeight, statistic: string): RangeError {
  const got = `${owner.getClassName()}: leave it out with the option select`
  return new RangeError(
    `Cannot gather ${statistic} of ${name}: expected a layer whose inputs are known, got ${got}`,
  )
}

/** The window of a convolution that sees one pixel at a time. */
function pixelByPixel({ kernelSize }: Window): Window {
  const single = kernelSize.map(() => 1)
  return { kernelSize: single, strides: single, dilations: single, padding: 'valid' }
}

/** `[..., inputs]` of a dense kernel `[inputs, units]`. */
function features(input: Tensor, [inputs = 1]: readonly number[]): Inputs {
  const rows = () => reshape(input, [-1, inputs])
  return { squares: () => reshape(sumOfSquares(rows()), [inputs, 1]), rows }
}

function isBias(weight: ModelWeight): boolean {
  return layoutOf(weight).use === 'shift'
}

/**
 * Every element of a bias is multiplied with 1 at each place of the output, or of each step of a
 * recurrent layer, of which the last alone may be put out.
 */
function constant({ owner, className }: ModelWeight, call: LayerCall): Tensor {
  const { input, output, mask, outputMask } = call
  const last = channelsLast(owner, output)
  const places = last.size / last.shape.at(-1)!
  const isLastStep = registeredKind(className)?.recurrent && !owner.getConfig().returnSequences
  const count = isLastStep
    ? countPlaces(places * input.shape[1]!, mask)
    : countPlaces(places, outputMask)
  return typeof count === 'number' ? fill([1], count) : reshape(count, [1])
}

/** How often each row of a table is looked up, where its layer does not mask the step itself. */
function indices({ input, outputMask }: LayerCall, [words = 1]: readonly number[]): Inputs {
  const count = () => {
    const flat = cast(reshape(input, [-1]), 'int32') as Tensor1D
    const each = reshape(keepSteps(ones(input.shape), outputMask), [-1]) as Tensor1D
    return reshape(denseBincount(flat, each, words), [words, 1])
  }
  return { squares: count, rows: undefined }
}

/** A kernel `[...window, inputs, outputs]`, and the parts of images that its elements see. */
function convolved(images: Tensor, window: Window, shape: readonly number[]): Inputs {
  const squares = () => reshape(squaresByElement(images, window), [...shape.slice(0, -1), 1])
  const rows = () => {
    const patches = patchesOf(images, window)
    return reshape(concat(patches, -1), [-1, patches.length * images.shape.at(-1)!])
  }
  return { squares, rows }
}

/** A transposed kernel `[...window, outputs, inputs]`: all outputs see the same. */
function spread(images: Tensor, window: Window, shape: readonly number[]): Inputs {
  const squares = () =>
    reshape(squaresBySpreading(images, window), [...shape.slice(0, -2), 1, shape.at(-1)!])
  return { squares, rows: undefined }
}

/** The input of a separable convolution's second half: the outputs of its first one. */
function deepened({ owner, className }: ModelWeight, images: Tensor): Tensor {
  const { strides, dilations, padding } = windowOf(owner)
  const first = Object.entries(registeredKind(className)!.weights).find(([, { axes }]) =>
    axes.includes('multiple'),
  )!
  const kernel = owner.weights.find(({ originalName }) => originalName.endsWith(first[0]))!.read()
  return depthwiseConv2d(
    images as Tensor4D,
    kernel as Tensor4D,
    strides as [number, number],
    padding,
    'NHWC',
    dilations as [number, number],
  )
}
