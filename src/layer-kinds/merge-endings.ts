import {
  type Call,
  cutOff,
  type Ending,
  isScore,
  POSITIVE,
  type Rule,
  SCORES,
  unknown,
} from './ending.js'

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
export function inChannels(call: Call, inputs = 1): Ending {
  const ending = merged(call)
  if (ending.kind !== 'softmax') return ending
  const isWhole = Number(call.shape.at(-1)) % (ending.classes * inputs) === 0
  const { dataFormat } = call.layer.getConfig()
  return isWhole && dataFormat !== 'channelsFirst' ? ending : unknown(call)
}

/** Inputs side by side. */
export const joined: Rule = (call) => {
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
