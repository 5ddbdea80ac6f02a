import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classNameOf, inheritsItsName } from '../internal/class-name.js'
import { type Container, containerOf, nestedIn } from '../internal/model-graph.js'
import { activation, leaky, relu, softmax, thresholdedRelu } from './activation-endings.js'
import { type Call, type Ending, type Rule, unknown } from './ending.js'
import { ruleOf } from './ending-rules.js'
import { layerKind } from './find-layer-kind.js'
import { added, keptUnlessSoftmax, maximum, merged, multiplied, permuted } from './merge-endings.js'
import { registeredKind } from './registered-kinds.js'

/** The ending of one of a model's outputs. */
export function modelEnding(model: LayersModel, place = 0): Ending {
  return endingWithin(containerOf(model), {
    place,
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
    const repeats = new Set(own).size < own.length
    const call = { layer, shape, place: outputTensorIndex, repeats, before: () => own.map(walk) }
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
  // A class of the caller's inherits the name of the one that it extends, and may do anything.
  if (inheritsItsName(layer)) return unknown(call)
  const className = classNameOf(layer)
  const kind = layerKind(className)
  // A kind that a user registers replaces the rule of the class.
  const own = registeredKind(className) ? undefined : RULES[className]
  const rule = own ?? (kind && ruleOf(kind))
  return rule ? rule(call) : unknown(call)
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

/** Products of unit vectors are cosines. */
const dotted: Rule = (call) => {
  const ending = added(call)
  if (call.repeats && ending.kind !== 'unknown') return multiplied(call)
  return ending.kind === 'scores' && call.layer.getConfig().normalize ? { kind: 'bounded' } : ending
}

/** The rules for layers whose config counts, and for those that have no kind. */
const RULES: Readonly<Record<string, Rule>> = {
  Activation: activation,
  Softmax: softmax,
  ReLU: relu,
  LeakyReLU: leaky,
  ThresholdedReLU: thresholdedRelu,
  Maximum: maximum,
  Multiply: multiplied,
  Permute: permuted,
  Dot: dotted,
  TimeDistributed: timeDistributed,
  Bidirectional: bidirectional,
}
