import { type Call, cutOff, type Ending, isScore, type Rule, unknown } from './ending.js'
import { elementwise } from './is-elementwise.js'
import { keptUnlessSoftmax, merged } from './merge-endings.js'

/** Activations that leave numbers in [0, 1] as they are. */
const KEEPING = ['linear', 'relu', 'relu6', 'elu']

/**
 * The ending of a layer that adds and multiplies, then applies the activation of its config. A
 * layer without such an option has no known outputs.
 */
export const weighted: Rule = (call) => activationEnding(call.layer.getConfig().activation, call)

/**
 * LSTM and GRU weigh their activations, so that those of a softmax no longer sum to 1; gates that
 * are no sigmoids let them out of any range.
 */
export const gated: Rule = (call) => {
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
export const sloped: Rule = (call) => {
  const ending = merged(call)
  return isScore(ending) && ending.kind !== 'positive' ? { kind: 'floored' } : ending
}
