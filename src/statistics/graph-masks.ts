import { reshape, type Tensor } from '@tensorflow/tfjs-core'
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type Container, nestedIn } from '../internal/model-graph.js'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { graphValues } from './graph-values.js'
import type { StepMask } from './step-masks.js'

type Layer = layers.Layer

/** The masks that a graph is given. */
export interface GivenMasks {
  /** That of each input; null without one. */
  readonly inputs: readonly StepMask[]
  /**
   * The mask that tfjs has handed to a layer last: a recurrent layer whose input has none obeys it.
   */
  readonly last: StepMask
}

/** The masks in a graph. */
export interface GraphMasks {
  /** The mask of a symbolic tensor; missing where all steps count. */
  readonly of: ReadonlyMap<SymbolicTensor, StepMask>
  /** The masks that a call is given, by its first output. */
  readonly given: ReadonlyMap<SymbolicTensor, GivenMasks>
}

/** The tensors whose values the masks of a graph follow from: none where nothing is masked. */
export function maskSources(container: Container, { inputs, last }: GivenMasks): SymbolicTensor[] {
  if (!last && !inputs.some(Boolean) && !container.layers.some(makesMask)) return []
  const calls = callsOf(container)
  return calls
    .filter(({ sourceLayer }) => nestedIn(sourceLayer) || hasOwnRule(sourceLayer))
    .flatMap((call) => call.inputs)
}

/**
 * The masks of all tensors of a graph, by the rules of its layers. A nested model hands masks on as
 * its layers do.
 */
export function graphMasks(
  container: Container,
  values: ReadonlyMap<SymbolicTensor, Tensor>,
  outside: GivenMasks,
): GraphMasks {
  const of = new Map(container.inputs.map((symbol, i) => [symbol, outside.inputs[i] ?? null]))
  const given = new Map<SymbolicTensor, GivenMasks>()
  let { last } = outside
  for (const output of callsOf(container)) {
    const { sourceLayer: layer, inputs: symbols, outputTensorIndex: index = 0 } = output
    const own = symbols.map((symbol) => of.get(symbol) ?? null)
    if (own.some(Boolean)) last = own[0]!
    // A layer without mask rules still hands this one to recurrent layers behind it.
    if ('returnSequences' in layer) own[0] ??= last
    given.set(output, { inputs: own, last })
    const inputs = symbols.map((symbol) => values.get(symbol)!)
    const made = masksBehind(layer, inputs, { inputs: own, last })
    of.set(output, made[index] ?? null)
  }
  return { of, given }
}

/** The masks of a layer's outputs. */
function masksBehind(layer: Layer, inputs: readonly Tensor[], given: GivenMasks): StepMask[] {
  const nested = nestedIn(layer)
  if (nested) {
    const sources = maskSources(nested, given)
    if (sources.length === 0 && !given.inputs.some(Boolean)) return []
    const { of } = graphMasks(nested, graphValues(nested, inputs, sources, given.last), given)
    return nested.outputs.map((output) => of.get(output) ?? null)
  }
  if (!layer.supportsMasking) return []
  const made = layer.computeMask([...inputs], [...given.inputs] as Tensor[])
  return [made].flat().map((mask) => mask && withoutFirst(mask, given.inputs[0]))
}

/** Merging layers of tfjs put an axis of 1 in front of a mask. */
function withoutFirst(mask: Tensor, input: StepMask | undefined): Tensor {
  const isLonger = input && mask.rank > input.rank && mask.size === input.size
  return isLonger ? reshape(mask, input.shape) : mask
}

/** One output of each call, in the order in which tfjs computes them. */
function callsOf({ inputs, outputs }: Container): SymbolicTensor[] {
  const order: SymbolicTensor[] = []
  const seen = new Set(inputs)
  const visit = (symbol: SymbolicTensor) => {
    if (seen.has(symbol)) return
    seen.add(symbol)
    for (const input of symbol.inputs.slice().reverse()) visit(input)
    order.push(symbol)
  }
  outputs.forEach(visit)
  return order
}

/** Whether a layer may mask steps that were not masked. */
function makesMask(layer: Layer): boolean {
  const nested = nestedIn(layer)
  if (nested) return nested.layers.some(makesMask)
  if (!layer.supportsMasking || !hasOwnRule(layer)) return false
  return !layerKind(layer.getClassName()) || layer.getConfig().maskZero === true
}

/** Whether a layer does more than to hand on the masks of its inputs. */
function hasOwnRule(layer: Layer): boolean {
  let owners = 0
  for (let object: object = layer; object; object = Object.getPrototypeOf(object))
    if (Object.hasOwn(object, 'computeMask')) owners++
  return owners > 1
}
