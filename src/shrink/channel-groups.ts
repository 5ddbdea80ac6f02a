import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { type UnitPlace, unitPlaces, unitsOf } from '../layer-kinds/layer-call.js'
import type { Wiring } from '../layer-kinds/wiring.js'
import type { Call, Graph } from './graph.js'
import { type UnionOfChannels, unionOfChannels } from './union-of-channels.js'

/** Channels of tensors that can only go together. */
export interface ChannelGroups {
  /** Groups are numbers below it; not all of these are groups. */
  readonly size: number
  readonly tensors: readonly SymbolicTensor[]
  readonly groupOf: (tensor: SymbolicTensor, channel: number) => number
  /** 1 for the groups that may not change. */
  readonly closed: Uint8Array
}

/** How the calls of a graph are wired. */
export type Wirings = ReadonlyMap<Call, Wiring>

/**
 * Groups the channels: a layer that works channel by channel links its inputs with its outputs, a
 * sum all its inputs, a nested model its inputs and outputs at each of its calls, and a shared
 * layer with weights its calls.
 */
export function groupChannels(graph: Graph, wirings: Wirings): ChannelGroups {
  const tensors = tensorsOf(graph)
  const union = unionOfChannels(tensors)
  const uneven: SymbolicTensor[] = []
  const tie = (a: SymbolicTensor, b: SymbolicTensor) => {
    if (channelsOf(a) !== channelsOf(b)) return void uneven.push(a, b)
    for (let channel = 0; channel < channelsOf(a); channel++) {
      union.unite(union.placeOf(a, channel), union.placeOf(b, channel))
    }
  }
  for (const step of graph.steps) {
    if ('layer' in step) linkCall(step, wirings.get(step)!, union)
    else for (const [i, tensor] of step.from.entries()) tie(tensor, step.to[i]!)
  }
  for (const [first, others] of sharedCalls(graph)) {
    const tied = tiedTensors(first, wirings.get(first)!)
    for (const other of others) {
      for (const [i, tensor] of tiedTensors(other, wirings.get(first)!).entries())
        tie(tied[i]!, tensor)
    }
  }
  const groupOf = (tensor: SymbolicTensor, channel: number) =>
    union.groupOf(union.placeOf(tensor, channel))
  const closed = new Uint8Array(union.size)
  for (const tensor of [...closedTensors(graph, wirings), ...uneven]) {
    for (let channel = 0; channel < channelsOf(tensor); channel++)
      closed[groupOf(tensor, channel)] = 1
  }
  return { size: union.size, tensors: [...tensors], groupOf, closed }
}

function linkCall(call: Call, wiring: Wiring, union: UnionOfChannels): void {
  const { inputs, outputs } = call
  if (wiring.kind === 'kernel') linkWorkers(call, union)
  if (wiring.kind !== 'through') return
  wiring.each((input, from, to) => {
    union.unite(union.placeOf(inputs[input]!, from), union.placeOf(outputs[0]!, to))
  })
}

/** Two directions are built alike: a unit of one has the number of that of the other. */
function linkWorkers(call: Call, union: UnionOfChannels): void {
  const placeOf = ({ output, offset }: UnitPlace, unit: number) =>
    union.placeOf(call.outputs[output]!, offset + unit)
  const [first, ...others] = unitPlaces(call)
  for (const other of others) {
    for (let unit = 0; unit < unitsOf(call); unit++)
      union.unite(placeOf(first!, unit), placeOf(other, unit))
  }
}

function tensorsOf({ inputs, outputs, steps }: Graph): Set<SymbolicTensor> {
  const inSteps = steps.flatMap((step) =>
    'layer' in step ? [...step.inputs, ...step.outputs] : [...step.from, ...step.to],
  )
  return new Set([...inputs, ...inSteps, ...outputs])
}

/** Layers that are called more than once and whose weights or shapes are cut once for all calls. */
function sharedCalls({ calls }: Graph): [Call, Call[]][] {
  const byLayer = new Map<Call['layer'], Call[]>()
  for (const call of calls) byLayer.set(call.layer, [...(byLayer.get(call.layer) ?? []), call])
  return [...byLayer.values()]
    .filter(([first]) => first!.layer.weights.length > 0 || first!.className === 'Reshape')
    .map(([first, ...others]) => [first!, others])
}

/** Tensors whose channels are cut with the layer. */
function tiedTensors({ className, inputs, outputs }: Call, { kind }: Wiring): SymbolicTensor[] {
  return kind === 'table' || className === 'Reshape' ? [...outputs] : [...inputs, ...outputs]
}

/**
 * Inputs and outputs of the model, of layers that are not understood, and of tables that are asked
 * by number.
 */
function closedTensors({ inputs, outputs, calls }: Graph, wirings: Wirings): SymbolicTensor[] {
  const ofCalls = calls.flatMap((call) => {
    const wiring = wirings.get(call)!
    if (wiring.kind === 'closed') return [...call.inputs, ...call.outputs]
    if (wiring.kind === 'table') return call.inputs
    return wiring.kind === 'kernel' && wiring.closed !== undefined ? call.outputs : []
  })
  return [...inputs, ...outputs, ...ofCalls]
}
