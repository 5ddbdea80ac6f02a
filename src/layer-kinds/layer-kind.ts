/** The meaning of the places along an axis of a weight. */
export type Dimension =
  /** Channels of the layer's input. */
  | 'in'
  /** Channels that the layer makes itself: units, filters, dimensions. */
  | 'out'
  /** Channels made of each channel of the input, as a depthwise kernel makes them. */
  | 'multiple'
  /** Parts of a recurrent cell. */
  | 'gate'
  /** The layer's own outputs of the step before; as many places as `out`. */
  | 'state'
  /** Rows of a table, found by number. */
  | 'row'
  /** Channels between two weights of the layer, as in a product of two matrices. */
  | 'middle'

/**
 * A dimension, or several that share an axis, the slowest first: `['gate', 'out']` holds all
 * outputs gate by gate.
 */
export type Axis = Dimension | readonly Dimension[]

/** The part of a weight in the computation of its layer. */
export type WeightUse =
  /** Multiplies inputs and adds them up, or is a table; pruned by default. */
  | 'kernel'
  /** Multiplies channels; a channel whose scale is 0 is silent. */
  | 'scale'
  /** Is added to channels. In a layer that has kernels it is the bias, and pruned on request. */
  | 'shift'
  /** Mean of the batches, which is subtracted. */
  | 'mean'
  /** Variance of the batches, whose root divides. */
  | 'variance'
  /** Something else. */
  | 'other'

/** One weight of a layer class. */
export interface KindWeight {
  readonly use: WeightUse
  /** The last axes. Those in front of them are places of the window, or of the input. */
  readonly axes: readonly Axis[]
  /** Dimensions of the channels that the weight makes. @default the layer's `outputs` */
  readonly makes?: readonly Dimension[]
  /** Option of the layer that says whether the weight exists. @default it always does */
  readonly option?: string
  /**
   * Option of the layer that holds the weight's initializer. @default the role in camel case and
   * `Initializer`
   */
  readonly initializer?: string
}

/** Options that a layer tells in its config. */
export type LayerOptions = Readonly<Record<string, unknown>>

/**
 * All that is known of a layer class: plain data, but for `closed`. Selection, granularity,
 * statistics, masking layers and `shrink` follow from it.
 */
export interface LayerKind {
  /** Class name as the layer's `getClassName()` gives it, e.g. `Conv2D`. */
  readonly className: string
  /**
   * Weights by role, the last part of their tfjs names, in the order in which the layer applies
   * them.
   */
  readonly weights: Readonly<Record<string, KindWeight>>
  /**
   * Dimensions of the output's channels: `['out']` if a kernel makes them, `['in']` if they are
   * those of the input, `['in', 'multiple']` if there are several for each of these.
   * @default ['out']
   */
  readonly outputs?: readonly Dimension[]
  /** Option that holds the number of places of a dimension. */
  readonly sizes?: Readonly<Partial<Record<Dimension, string>>>
  /**
   * How a window moves: it gathers places of the input, or spreads each of them over the output.
   * @default the layer has no window
   */
  readonly window?: 'gathers' | 'spreads'
  /** The layer has a dilation in its config and computes without. @default false */
  readonly ignoresDilation?: boolean
  /**
   * The second axis of the input is time, and each step reads the outputs of the one before.
   * @default false
   */
  readonly recurrent?: boolean
  /** Class of the cell that a recurrent layer holds; the cell has the same weights. */
  readonly cell?: string
  /** Names of the places of `gate`, in order. */
  readonly gates?: readonly string[]
  /**
   * How channels are passed on: the same ones, in the same row-major order of all elements, or side
   * by side. @default 'same'
   */
  readonly passes?: 'same' | 'order' | 'joined'
  /** The step that the layer may be between a kernel and the next one. @default none */
  readonly stage?: 'activation' | 'normalisation' | 'noise'
  /**
   * The effect of the layer on probabilities: they stay (those of a softmax where the last axis
   * holds it whole, or `passes` says that the order is kept), or sum to 1 no more, or are lost.
   * `'none'`: the layer puts out scores, whatever it is given. @default the `activation` in the
   * config of a layer that has kernels; unknown for all others
   */
  readonly probabilities?: 'kept' | 'unnormalised' | 'lost' | 'none'
  /** Word for the channels that the layer makes, for reports. @default 'channels' */
  readonly called?: 'units' | 'filters' | 'channels' | 'dimensions'
  /**
   * Says why the channels of a layer with these options, on inputs of `rank` axes, have to stay as
   * they are; undefined where they may change. @default they may
   */
  readonly closed?: (options: LayerOptions, rank: number) => string | undefined
}
