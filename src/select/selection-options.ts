import type { Selector } from './selector.js'
import type { WeightLimit } from './weight-limits.js'

/** The choice of the weights of a model that may be pruned. */
export interface SelectionOptions {
  /** Only weights that it names. @default all prunable ones */
  readonly include?: Selector
  /** No weight that it names. @default none */
  readonly exclude?: Selector
  /** Prune biases as well as kernels. @default false */
  readonly biases?: boolean
  /**
   * Leave the last layer that has a kernel, usually the classifier, whole; in a model of several
   * outputs, those from which an output is reached through no other kernel. @default false
   */
  readonly keepLastLayer?: boolean
  /** Prune layers that are frozen (`trainable: false`) too. @default false */
  readonly frozen?: boolean
  /** Bounds on the elements that stay. @default one element per weight */
  readonly limits?: readonly WeightLimit[]
  /** A layer class that is not known: leave it whole and report it, or throw. @default 'skip' */
  readonly unsupported?: 'skip' | 'error'
}
