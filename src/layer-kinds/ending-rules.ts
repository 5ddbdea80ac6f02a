import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { elementwise } from './is-elementwise.js'
import type { LayerKind } from './layer-kind.js'

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

const SCORES: Ending = { kind: 'scores' }
const POSITIVE: Ending = { kind: 'positive' }

/** The ending of a layer whose outputs are not known. */
export function unknown({ layer }: Call): Ending {
  const isOwn = Object.hasOwn(layer.constructor, 'className')
  return {
    kind: 'unknown',
    layer: `${layer.name} (${isOwn ? classNameOf(layer) : layer.constructor.name})`,
  }
}

const isScore = ({ kind }: Ending) =>
  kind === 'scores' || kind === 'floored' || kind === 'positive' || kind === 'bounded'

/** Activations that leave numbers in [0, 1] as they are. */
const KEEPING = ['linear', 'relu', 'relu6', 'elu']

/**
 * The ending of a layer that adds and multiplies, then applies the activation of its config. A
 * layer without such an option has no known outputs.
 */
const weighted: Rule = (call) => activationEnding(call.layer.getConfig().activation, call)

/**
 * LSTM and GRU weigh their activations, so that those of a softmax no longer sum to 1; gates that
 * are no sigmoids let them out of any range.
 */
const gated: Rule = (call) => {
  const ending = weighted(call)
  const { recurrentActivation } = call.layer.getConfig()
  const isWeight = /sigmoid$/i.test(recurrentActivation as string)
  return ending.kind === 'softmax' || !(isWeight || ending.kind === 'scores')
    ? unknown(call)
    : ending
}

function activationEnding(activation: unknown, call: Call): Ending {
  if (activation === 'softmax') return softmaxAlong(-1, call)
  const kind = activation === 'logSoftmax' ? 'scores' : elementwise.get(activation as string)
  return kind ? { kind } : unknown(call)
}

/** Softmaxes over an axis with others behind it lie among each other. */
function softmaxAlong(axis: number, call: Call): Ending {
  const { shape } = call
  const isLast = axis === -1 || axis === shape.length - 1
  return isLast ? { kind: 'softmax', classes: Number(shape.at(-1)) } : unknown(call)
}

/** An activation by itself; those that bend probabilities leave neither these nor scores. */
export const activation: Rule = (call) => {
  const { activation: name } = call.layer.getConfig()
  const before = merged(call)
  const isKept = KEEPING.includes(name as string)
  if (isKept && !isScore(before)) return before
  const ending = activationEnding(name, call)
  if (!isScore(ending)) return ending
  if (name === 'logSoftmax' && (isScore(before) || before.kind === 'unknown')) return ending
  if (!isScore(before)) return before.kind === 'unknown' ? before : unknown(call)
  // The others keep the signs of scores, but for those that make them positive.
  return ending.kind === 'scores' || before.kind === 'positive' ? before : ending
}

export const softmax: Rule = (call) => {
  const { axis = -1 } = call.layer.getConfig()
  return softmaxAlong(axis as number, call)
}

/** A largest value below 1 cuts probabilities off. */
export const relu: Rule = (call) => {
  const { maxValue } = call.layer.getConfig()
  return cutOff(Number(maxValue ?? 1) < 1 ? keptUnlessSoftmax(call) : merged(call))
}

/** Small values become 0. */
export const thresholdedRelu: Rule = (call) => {
  const ending = keptUnlessSoftmax(call)
  return Number(call.layer.getConfig().theta) < 0 ? ending : cutOff(ending)
}

/** A slope of 0 for scores below 0 cuts them off, one below 0 turns them. */
export const leaky: Rule = (call) =>
  Number(call.layer.getConfig().alpha) > 0 ? merged(call) : cutOff(merged(call))

/** Slopes that are weights may be 0, as they are at first. */
const sloped: Rule = (call) => {
  const ending = merged(call)
  return isScore(ending) && ending.kind !== 'positive' ? { kind: 'floored' } : ending
}

const cutOff = (ending: Ending) => (isScore(ending) ? POSITIVE : ending)

/** As `merged`, but the probabilities of a softmax no longer sum to 1. */
export const keptUnlessSoftmax: Rule = (call) => {
  const ending = merged(call)
  return ending.kind === 'softmax' ? unknown(call) : ending
}

/** The numbers of several inputs, or means of them: known where all are alike. */
export const merged: Rule = (call) => {
  const [first, ...others] = call.before()
  const all = [first!, ...others]
  const odd = all.find(({ kind }) => kind === 'unknown')
  if (odd) return odd
  if (others.every((other) => isAlike(first!, other))) return first!
  return all.every(isScore) ? SCORES : unknown(call)
}

/** The largest is not below one that is never negative. */
export const maximum: Rule = (call) => {
  const ending = keptUnlessSoftmax(call)
  const isPositive = call.before().some(({ kind }) => kind === 'positive')
  return isScore(ending) && isPositive ? POSITIVE : ending
}

/** Squares are never negative. */
export const multiplied: Rule = (call) => {
  const ending = keptUnlessSoftmax(call)
  return call.repeats ? cutOff(ending) : ending
}

/** Statistics that are not fitted yet leave a sigmoid above 0. */
const normalised: Rule = (call) => (merged(call).kind === 'sigmoid' ? { kind: 'floored' } : SCORES)

/** Sums of probabilities are none. */
export const added: Rule = (call) => {
  const ending = merged(call)
  return isScore(ending) || ending.kind === 'unknown' ? ending : unknown(call)
}

function isAlike(a: Ending, b: Ending): boolean {
  return a.kind === 'softmax' && b.kind === 'softmax' ? a.classes === b.classes : a.kind === b.kind
}

/**
 * As `merged`, where the last axis holds whole softmaxes, this many inputs of them. Layers with the
 * channels first mix places of the last axis.
 */
function inChannels(call: Call, inputs = 1): Ending {
  const ending = merged(call)
  if (ending.kind !== 'softmax') return ending
  const isWhole = Number(call.shape.at(-1)) % (ending.classes * inputs) === 0
  const { dataFormat } = call.layer.getConfig()
  return isWhole && dataFormat !== 'channelsFirst' ? ending : unknown(call)
}

/** Inputs side by side. */
const joined: Rule = (call) => {
  const { axis } = call.layer.getConfig()
  const isLast = axis === -1 || axis === call.shape.length - 1
  return inChannels(call, isLast ? call.before().length : 1)
}

/** Other orders of the axes: one softmax over all numbers stays, and so does the last axis. */
export const permuted: Rule = (call) => {
  const { shape, layer } = call
  const dims = layer.getConfig().dims as number[]
  const size = shape.slice(1).reduce<number>((product, side) => product * Number(side), 1)
  const ending = merged(call)
  const isOne = ending.kind === 'softmax' && ending.classes === size
  if (isOne || dims.at(-1) === dims.length) return isOne ? ending : inChannels(call)
  return keptUnlessSoftmax(call)
}

/** The rules for kinds of layers, by their effect on probabilities. */
const BY_EFFECT: Readonly<Record<NonNullable<LayerKind['probabilities']>, Rule>> = {
  kept: (call) => inChannels(call),
  unnormalised: keptUnlessSoftmax,
  lost: added,
  none: () => SCORES,
}

/** The rule for a kind of layers; undefined where it does not tell. */
export function ruleOf({ weights, probabilities, gates, passes, stage }: LayerKind) {
  const hasWeights = Object.keys(weights).length > 0
  if (probabilities === 'kept' && stage === 'activation' && hasWeights) return sloped
  if (probabilities === 'kept' && (stage || passes === 'order')) return merged
  if (probabilities === 'kept' && passes === 'joined') return joined
  if (probabilities === 'none' && stage === 'normalisation') return normalised
  if (probabilities) return BY_EFFECT[probabilities]
  const hasKernel = Object.values(weights).some(({ use }) => use === 'kernel')
  if (!hasKernel) return undefined
  return gates ? gated : weighted
}
