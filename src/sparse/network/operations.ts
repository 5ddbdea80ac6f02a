import type { Pair, Shape, SparseMatrix, Window } from './parts.js'

/** Operations that run a network. */
export type RunOperation =
  | Product
  | Pool
  | GlobalPool
  | Scale
  | Activate
  | ParametricRelu
  | Softmax
  | LayerNormalise
  | Merge
  | Concatenate
  | Reshape
  | Permute
  | Pad
  | Crop
  | Enlarge
  | Spread
  | Recurrent
  | LayerCall

/**
 * Dense and convolutional layers. The input is seen as an image: its last axis holds the channels
 * (or units); without a window all other axes are pixels; with one the input has rank 3.
 *
 * out[pixel][row] = bias[row] + sum of matrix[row][column] * in[window position][channel], where
 * column = (y * width + x) * channels + channel counts the places of the window. A depthwise layer
 * is a matrix whose rows hold entries of one channel alone.
 */
export interface Product {
  readonly kind: 'product'
  /** @default one pixel */
  readonly window?: Window
  readonly matrix: SparseMatrix
  readonly bias?: Float32Array
  /** The outcome is cut to these bounds (relu, relu6). @default not cut */
  readonly bounds?: readonly [least: number, most: number]
}

/** Padding of a maximum is minus infinity; an average counts the pixels of the image alone. */
export interface Pool {
  readonly kind: 'pool'
  readonly of: 'maximum' | 'average'
  readonly window: Window
}

/** Over all axes but the last. */
export interface GlobalPool {
  readonly kind: 'globalPool'
  readonly of: 'maximum' | 'average'
}

/** x * factors[channel] + terms[channel]: batch normalisation that was not folded. */
export interface Scale {
  readonly kind: 'scale'
  readonly factors: Float32Array
  readonly terms: Float32Array
}

/**
 * An elementwise function; `parameters` by name. Names are `cut` (`least`, `most`: all kinds of
 * ReLU with bounds), `leakyRelu` (`alpha`), `thresholdedRelu` (`theta`), `elu` (`alpha`), `selu`,
 * `sigmoid`, `hardSigmoid`, `softplus`, `softsign`, `tanh`, `swish` (`beta`), `mish`, `gelu`,
 * `geluByTanh`, and in recurrent layers `linear`.
 */
export interface Activate {
  readonly kind: 'activate'
  readonly name: string
  readonly parameters: Readonly<Record<string, number>>
}

/** x where x > 0, else alpha * x, with an alpha for each element of a sample. */
export interface ParametricRelu {
  readonly kind: 'parametricRelu'
  readonly alpha: Float32Array
}

/** Along the last axis. */
export interface Softmax {
  readonly kind: 'softmax'
  readonly log: boolean
}

/** Over the last axis. */
export interface LayerNormalise {
  readonly kind: 'layerNormalise'
  readonly epsilon: number
  readonly factors: Float32Array
  readonly terms: Float32Array
}

/** Of all inputs, element by element; axes of length 1 are spread as tfjs does. */
export interface Merge {
  readonly kind: 'merge'
  readonly of: 'add' | 'multiply' | 'average' | 'maximum' | 'minimum' | 'subtract'
}

export interface Concatenate {
  readonly kind: 'concatenate'
  /** Of one sample: 0 is the first axis after the batch. */
  readonly axis: number
}

/** The shape of the output tells all. */
export interface Reshape {
  readonly kind: 'reshape'
}

/** Axis i of the output is axis `axes[i]` of the input. */
export interface Permute {
  readonly kind: 'permute'
  readonly axes: readonly number[]
}

/** Zeros before and after each axis of a sample. */
export interface Pad {
  readonly kind: 'pad'
  readonly amounts: readonly Pair[]
}

export interface Crop {
  readonly kind: 'crop'
  readonly amounts: readonly Pair[]
}

/** Each element as many times, one after the other, on each axis (upsampling, RepeatVector). */
export interface Enlarge {
  readonly kind: 'enlarge'
  readonly times: readonly number[]
}

/** Zeros between the pixels of each axis: `steps - 1` of them; none after the last (transposed convolution). */
export interface Spread {
  readonly kind: 'spread'
  readonly steps: readonly number[]
}

/**
 * A recurrent layer over [steps, channels]. Rows of both matrices are the cell's gates in the order
 * of tfjs (LSTM: input, forget, cell, output; GRU: update, reset, candidate), `units` each.
 */
export interface Recurrent {
  readonly kind: 'recurrent'
  readonly cell: 'simple' | 'lstm' | 'gru'
  readonly units: number
  readonly kernel: SparseMatrix
  readonly recurrentKernel: SparseMatrix
  readonly bias?: Float32Array
  readonly activation: Activate
  readonly recurrentActivation?: Activate
  /** From the last step to the first; the outcome of a step still lies at the place of its own. */
  readonly backwards: boolean
  /** Of all steps, or of the one alone that is computed last. */
  readonly sequences: boolean
  /** The cell state of an LSTM behind the step that is computed last is one more row. @default no */
  readonly carries?: boolean
}

/** A layer that tfjs runs: all inputs in, one output out. */
export interface LayerCall {
  readonly kind: 'layerCall'
  /** Values of a batch, in the order of tfjs. */
  readonly call: (inputs: readonly Values[], batch: number) => Values
}

/** Elements of a batch in row-major order, with the shape of a sample. */
export interface Values {
  readonly values: Float32Array
  readonly shape: Shape
}
