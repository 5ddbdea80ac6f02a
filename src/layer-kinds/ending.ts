import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'

/**
 * Where the outputs of a model come from: scores of any size, hardly below 0, never below 0 or from
 * -1 to 1; sigmoids; softmaxes over this many places in a row; or a layer that does not tell.
 */
export type Ending =
  | { readonly kind: 'scores' | 'floored' | 'positive' | 'bounded' | 'sigmoid' }
  | { readonly kind: 'softmax'; readonly classes: number }
  | { readonly kind: 'unknown'; readonly layer: string }

/** One call of a layer. */
export interface Call {
  readonly layer: layers.Layer
  /** Shape of the output, the axis of the samples included. */
  readonly shape: readonly (number | null)[]
  /** Place of the output among those of the layer. */
  readonly place: number
  /** Whether one tensor is two of its inputs. */
  readonly repeats?: boolean
  /** The endings of its inputs, looked at only where they count. */
  readonly before: () => readonly Ending[]
}

/** Finds the ending of a call. */
export type Rule = (call: Call) => Ending

export const SCORES: Ending = { kind: 'scores' }
export const POSITIVE: Ending = { kind: 'positive' }

/** The ending of a layer whose outputs are not known. */
export function unknown({ layer }: Call): Ending {
  const isOwn = Object.hasOwn(layer.constructor, 'className')
  return {
    kind: 'unknown',
    layer: `${layer.name} (${isOwn ? classNameOf(layer) : layer.constructor.name})`,
  }
}

/** Whether outputs are scores of some kind. */
export const isScore = ({ kind }: Ending) =>
  kind === 'scores' || kind === 'floored' || kind === 'positive' || kind === 'bounded'

/** Scores without those below 0. */
export const cutOff = (ending: Ending) => (isScore(ending) ? POSITIVE : ending)
