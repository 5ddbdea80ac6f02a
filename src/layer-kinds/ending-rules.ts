import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import type { LayerKind } from './layer-kind.js'

/**
 * Where the outputs of a model come from: numbers of any size, sigmoids, softmaxes over this many
 * classes, or a layer that does not tell.
 */
export type Ending =
  | { readonly kind: 'scores' | 'sigmoid' }
  | { readonly kind: 'softmax'; readonly classes: number }
  | { readonly kind: 'unknown'; readonly layer: string }

/** One call of a layer. */
export interface Call {
  readonly layer: layers.Layer
  /** Shape of the output, the axis of the samples included. */
  readonly shape: readonly (number | null)[]
  /** Place of the output among those of the layer. */
  readonly place: number
  /** The endings of its inputs, looked at only where they count. */
  readonly before: () => readonly Ending[]
}

/** Finds the ending of a call. */
export type Rule = (call: Call) => Ending

const SCORES: Ending = { kind: 'scores' }
const SIGMOID: Ending = { kind: 'sigmoid' }

/** The ending of a layer whose outputs are not known. */
export function unknown({ layer }: Call): Ending {
  return { kind: 'unknown', layer: `${layer.name} (${classNameOf(layer)})` }
}

/** Activations that leave numbers in [0, 1] as they are. */
const KEEPING = ['linear', 'relu', 'relu6', 'elu']
/** Activations that put out scores, whatever they are given. */
const SCORING = 'selu softplus softsign tanh logSoftmax gelu gelu_new mish swish'.split(' ')

/**
 * The ending of a layer that adds and multiplies, then applies the activation of its config. A
 * layer without such an option has no known outputs.
 */
const weighted: Rule = (call) => {
  const { activation } = call.layer.getConfig()
  if (KEEPING.includes(activation as string)) return SCORES
  return activationEnding(activation, call)
}

/** LSTM and GRU weigh their activations, so that those of a softmax no longer sum to 1. */
const gated: Rule = (call) => {
  const ending = weighted(call)
  return ending.kind === 'softmax' ? unknown(call) : ending
}

function activationEnding(activation: unknown, call: Call): Ending {
  if (activation === 'sigmoid' || activation === 'hardSigmoid') return SIGMOID
  if (activation === 'softmax') return softmaxAlong(-1, call)
  return SCORING.includes(activation as string) ? SCORES : unknown(call)
}

function softmaxAlong(axis: number, { shape }: Call): Ending {
  return { kind: 'softmax', classes: Number(shape.at(axis)) }
}

/** An activation by itself; those that bend probabilities leave neither these nor scores. */
export const activation: Rule = (call) => {
  const { activation: name } = call.layer.getConfig()
  const before = merged(call)
  if (KEEPING.includes(name as string)) return before
  const ending = activationEnding(name, call)
  const isBent = ending === SCORES && (before.kind === 'sigmoid' || before.kind === 'softmax')
  return isBent ? unknown(call) : ending
}

export const softmax: Rule = (call) => {
  const { axis = -1 } = call.layer.getConfig()
  return softmaxAlong(axis as number, call)
}

/** A largest value below 1 cuts probabilities off. */
export const relu: Rule = (call) => {
  const { maxValue } = call.layer.getConfig()
  return Number(maxValue ?? 1) < 1 ? keptUnlessSoftmax(call) : merged(call)
}

/** As `merged`, but the probabilities of a softmax no longer sum to 1. */
export const keptUnlessSoftmax: Rule = (call) => {
  const ending = merged(call)
  return ending.kind === 'softmax' ? unknown(call) : ending
}

/** The numbers of several inputs, or means of them: known where all are alike. */
export const merged: Rule = (call) => {
  const [first, ...others] = call.before()
  const odd = [first, ...others].find((ending) => ending?.kind === 'unknown')
  if (odd) return odd
  return others.every((other) => isAlike(first!, other)) ? first! : unknown(call)
}

/** Sums of probabilities are none. */
export const added: Rule = (call) => {
  const ending = merged(call)
  return ending.kind === 'scores' || ending.kind === 'unknown' ? ending : unknown(call)
}

function isAlike(a: Ending, b: Ending): boolean {
  return a.kind === 'softmax' && b.kind === 'softmax' ? a.classes === b.classes : a.kind === b.kind
}

/** The rules for kinds of layers, by their effect on probabilities. */
const BY_EFFECT: Readonly<Record<NonNullable<LayerKind['probabilities']>, Rule>> = {
  kept: merged,
  unnormalised: keptUnlessSoftmax,
  lost: added,
  none: () => SCORES,
}

/** The rule for a kind of layers; undefined where it does not tell. */
export function ruleOf({ weights, probabilities, gates }: LayerKind): Rule | undefined {
  if (probabilities) return BY_EFFECT[probabilities]
  const hasKernel = Object.values(weights).some(({ use }) => use === 'kernel')
  if (!hasKernel) return undefined
  return gates ? gated : weighted
}
