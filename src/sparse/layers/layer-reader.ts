import type { Operation, Shape } from '../network/network.js'
import type { SparseWeight } from '../network/source.js'
import type { Config } from './config.js'

/** A value of the network: its number and its shape. */
export interface Value {
  readonly id: number
  readonly shape: Shape
}

/** One call of a layer, with all that its reader needs. */
export interface LayerToRead {
  /** Names of the layer and of the models around it. */
  readonly path: string
  readonly config: Config
  readonly inputs: readonly Value[]
  /** A weight of the layer by its role, checked to be of a shape; null is a side of any length. */
  readonly weight: (
    role: string,
    shape: readonly (number | null)[],
    inner?: InnerLayer,
  ) => SparseWeight
  /** Makes something once for all calls of the layer, such as a matrix of its weights. */
  readonly once: <T extends object>(key: string, make: () => T) => T
  /** Adds a step and gives the value that it writes. */
  readonly emit: (operation: Operation, inputs: readonly Value[], shape: Shape) => Value
}

/** A layer in a wrapper: its name in paths, and the part that it adds to the names of weights. */
export interface InnerLayer {
  readonly name: string
  readonly saved: string
}

/** Says why a layer cannot be compiled. */
export interface Declined {
  readonly declined: string
}

/** Adds the steps of a layer and gives its output or outputs; none where it declines. */
export type LayerReader = (layer: LayerToRead) => Value | readonly Value[] | Declined

export function decline(reason: string): Declined {
  return { declined: reason }
}

export function isDeclined(outcome: object): outcome is Declined {
  return 'declined' in outcome
}
