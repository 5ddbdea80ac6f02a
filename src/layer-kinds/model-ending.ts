import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { type Container, containerOf, nestedIn } from '../internal/model-graph.js'
import { layerKind } from './find-layer-kind.js'
import type { LayerKind } from './layer-kind.js'
import { isTable } from './layout.js'

/**
 * Where the outputs of a model come from: numbers of any size, sigmoids, softmaxes over this many
 * classes, or a layer that does not tell.
 */
export type Ending =
  | { readonly kind: 'scores' | 'sigmoid' }
  | { readonly kind: 'softmax'; readonly classes: number }
  | { readonly kind: 'unknown'; readonly layer: string }

/** One call of a layer. */
interface Call {
  readonly layer: layers.Layer
  /** Shape of the output, the axis of the samples included. */
  readonly shape: readonly (number | null)[]
  /** Place of the output among those of the layer. */
  readonly place: number
  /** The endings of its inputs, looked at only where they count. */
  readonly before: () => readonly Ending[]
}

type Rule = (call: Call) => Ending

const SCORES: Ending = { kind: 'scores' }
const SIGMOID: Ending = { kind: 'sigmoid' }

/** The ending of a model's first output. */
export function modelEnding(model: LayersModel): Ending {
  return endingWithin(containerOf(model), {
    place: 0,
    before: () =>
      model.inputs.map(({ name }) => ({ kind: 'unknown', layer: `${name} (an input)` })),
  })
}

/** Walks back from an output of a model; the inputs of the model have the endings `before`. */
function endingWithin(
  { inputs, outputs }: Container,
  { place, before }: Pick<Call, 'place' | 'before'>,
): Ending {
  const known = new Map<SymbolicTensor, Ending>()
  const walk = (tensor: SymbolicTensor): Ending => {
    const entrance = inputs.indexOf(tensor)
    if (entrance >= 0) return before()[entrance]!
    const { sourceLayer: layer, shape, outputTensorIndex = 0, inputs: own } = tensor
    const call = { layer, shape, place: outputTensorIndex, before: () => own.map(walk) }
    const ending = known.get(tensor) ?? layerEnding(call)
    known.set(tensor, ending)
    return ending
  }
  return walk(outputs[place]!)
}

function layerEnding(call: Call): Ending {
  const { layer } = call
  const nested = nestedIn(layer)
  if (nested) return endingWithin(nested, call)
  const className = classNameOf(layer)
  const kind = layerKind(className)
  const rule = RULES[className] ?? (kind && ruleOf(kind))
  return rule ? rule(call) : unknown(call)
}

function unknown({ layer }: Call): Ending {
  return { kind: 'unknown', layer: `${layer.name} (${classNameOf(layer)})` }
}

/** Activations that leave numbers in [0, 1] as they are. */
const KEEPING = ['linear', 'relu', 'relu6', 'elu']
/** Activations that put out scores, whatever they are given. */
const SCORING = 'selu softplus softsign tanh logSoftmax gelu gelu_new mish swish'.split(' ')

/** The ending of a layer that adds and multiplies, then applies its activation. */
const weighted: Rule = (call) => {
  const { activation = 'linear' } = call.layer.getConfig()
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
const activation: Rule = (call) => {
  const { activation: name } = call.layer.getConfig()
  const before = merged(call)
  if (KEEPING.includes(name as string)) return before
  const ending = activationEnding(name, call)
  const isBent = ending === SCORES && (before.kind === 'sigmoid' || before.kind === 'softmax')
  return isBent ? unknown(call) : ending
}

const softmax: Rule = (call) => {
  const { axis = -1 } = call.layer.getConfig()
  return softmaxAlong(axis as number, call)
}

/** As `merged`, but the probabilities of a softmax no longer sum to 1. */
const keptUnlessSoftmax: Rule = (call) => {
  const ending = merged(call)
  return ending.kind === 'softmax' ? unknown(call) : ending
}

/** The numbers of several inputs, or means of them: known where all are alike. */
const merged: Rule = (call) => {
  const [first, ...others] = call.before()
  const odd = [first, ...others].find((ending) => ending?.kind === 'unknown')
  if (odd) return odd
  return others.every((other) => isAlike(first!, other)) ? first! : unknown(call)
}

/** Sums of probabilities are none. */
const added: Rule = (call) => {
  const ending = merged(call)
  return ending.kind === 'scores' || ending.kind === 'unknown' ? ending : unknown(call)
}

function isAlike(a: Ending, b: Ending): boolean {
  return a.kind === 'softmax' && b.kind === 'softmax' ? a.classes === b.classes : a.kind === b.kind
}

const timeDistributed: Rule = ({ layer, shape, before }) => {
  const { layer: wrapped } = layer as layers.Layer & { layer: layers.Layer }
  const [samples = null, , ...rest] = shape
  return layerEnding({ layer: wrapped, shape: [samples, ...rest], place: 0, before })
}

/** Both directions have the same activation. */
const bidirectional: Rule = (call) => {
  const { forwardLayer, mergeMode } = call.layer as layers.Layer & {
    forwardLayer: layers.Layer
    mergeMode?: string
  }
  const size = Number(call.shape.at(-1)) / (mergeMode === 'concat' ? 2 : 1)
  const one = layerEnding({
    ...call,
    layer: forwardLayer,
    shape: [...call.shape.slice(0, -1), size],
  })
  const rule = { sum: added, mul: keptUnlessSoftmax }[mergeMode ?? ''] ?? merged
  return rule({ ...call, before: () => [one, one] })
}

/** The rules for kinds of layers without kernels, by their effect on probabilities. */
const PASSING: Readonly<Record<NonNullable<LayerKind['probabilities']>, Rule>> = {
  kept: merged,
  unnormalised: keptUnlessSoftmax,
  lost: added,
}

/** The rule for a kind of layers; undefined where it does not tell. */
function ruleOf({ weights, probabilities, gates }: LayerKind): Rule | undefined {
  if (probabilities) return PASSING[probabilities]
  const all = Object.values(weights)
  if (all.some(isTable)) return () => SCORES
  if (all.some(({ use }) => use === 'kernel')) return gates ? gated : weighted
  return all.some(({ use }) => use === 'scale') ? () => SCORES : undefined
}

/** The rules for activations by themselves, and for layers that have no kind. */
const RULES: Readonly<Record<string, Rule>> = {
  Activation: activation,
  Softmax: softmax,
  Dot: added,
  TimeDistributed: timeDistributed,
  Bidirectional: bidirectional,
}
