import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { wiringOf } from '../layer-kinds/wiring.js'
import { biasShift } from './bias-shift.js'
import { type ChannelGroups, groupChannels, type Wirings } from './channel-groups.js'
import { inputPlace, type Reader, readConnections } from './connections.js'
import { type Constants, findConstants } from './constants.js'
import { type Call, type Graph, graphOf } from './graph.js'
import { constantInputs, constantsThatStay, findRemovable } from './removable.js'
import { silenceable } from './silenceable.js'

/** A layer whose channels stay though they might have gone, and why. */
export interface KeptLayer {
  /** Layer path. */
  readonly layer: string
  readonly reason: string
}

/** The channels that stay of each tensor of a model. */
export interface Plan {
  readonly graph: Graph
  /**
   * The first call of each layer that is understood, by its path and by those of the layers within
   * a wrapper.
   */
  readonly understood: ReadonlyMap<string, Call>
  /** Channels that stay, ascending. */
  readonly keptOf: (tensor: SymbolicTensor) => number[]
  /** Numbers to add to the bias of a layer, by its path, for all outputs that it had, gate by gate. */
  readonly shifts: ReadonlyMap<string, Float64Array>
  readonly kept: readonly KeptLayer[]
}

/** Finds the channels of a model that can go, for inputs of the given shapes. */
export async function planOf(model: LayersModel, shapes: readonly number[][]): Promise<Plan> {
  const graph = graphOf(model, shapes)
  const wirings = new Map(graph.calls.map((call) => [call, wiringOf(call)]))
  const groups = groupChannels(graph, wirings)
  const readers = await readersOf(graph, wirings)
  const constants = await findConstants(graph, { wirings, readers })
  const all = [...readers.values()].flat()
  const removable = findRemovable(groups, { readers: all, constants })
  const shifts = new Map<string, Float64Array>()
  for (const reader of all) {
    const shift = await biasShift(reader, foldedValues(reader, { groups, constants, removable }))
    if (shift) shifts.set(reader.calls[0]!.paths[reader.worker]!, shift)
  }
  const keptOf = (tensor: SymbolicTensor) => {
    const channels = Array.from({ length: channelsOf(tensor) }, (_, channel) => channel)
    return channels.filter((channel) => !removable[groups.groupOf(tensor, channel)])
  }
  const kept = [
    ...closedLayers(graph, wirings),
    ...(await paddedLayers(model, all, { groups, constants, removable })),
  ]
  const open = graph.calls.filter((call) => wirings.get(call)!.kind !== 'closed')
  const understood = new Map(
    open.toReversed().flatMap((call) => [call.path, ...call.paths].map((path) => [path, call])),
  )
  return { graph, understood, keptOf, shifts, kept }
}

interface Findings {
  readonly groups: ChannelGroups
  readonly constants: Constants
  readonly removable: Uint8Array
}

/** Layers with kernels, in the order of their first calls. */
async function readersOf(
  { calls }: Graph,
  wirings: Wirings,
): Promise<Map<Call['layer'], Reader[]>> {
  const readers = new Map<Call['layer'], Reader[]>()
  for (const call of calls) {
    if (wirings.get(call)!.kind !== 'kernel' || readers.has(call.layer)) continue
    readers.set(
      call.layer,
      await readConnections(calls.filter(({ layer }) => layer === call.layer)),
    )
  }
  return readers
}

/** Constants of the inputs that go, 0 for all others. */
function foldedValues(reader: Reader, { groups, constants, removable }: Findings): Float64Array {
  const { tensor, offset } = inputPlace(reader, reader.calls[0]!)
  return constantInputs(reader, constants).map((value, channel) => {
    return removable[groups.groupOf(tensor, offset + channel)] && Number.isFinite(value) ? value : 0
  })
}

/** Layers that are not understood; the outputs of the model stay in any case and are no news. */
function closedLayers({ calls, outputs }: Graph, wirings: Wirings): KeptLayer[] {
  const reasons = new Map<string, string>()
  for (const call of calls) {
    const wiring = wirings.get(call)!
    const isEnd = call.outputs.every((tensor) => outputs.includes(tensor))
    // A softmax of its own at the end is as little news as one within the last layer.
    const isActivation = layerKind(call.className)?.stage === 'activation'
    if (isEnd && (wiring.kind === 'kernel' || isActivation)) continue
    if (wiring.kind === 'closed') reasons.set(call.path, wiring.reason)
    if (wiring.kind === 'kernel' && wiring.closed !== undefined)
      reasons.set(call.path, wiring.closed)
  }
  return [...reasons].map(([layer, reason]) => ({ layer, reason }))
}

async function paddedLayers(
  model: LayersModel,
  readers: readonly Reader[],
  { removable, ...found }: Findings,
): Promise<KeptLayer[]> {
  const padded = readers
    .map((reader) => ({ reader, channels: constantsThatStay(reader, removable, found) }))
    .filter(({ channels }) => channels.length > 0)
  if (padded.length === 0) return []
  const wouldBeZero = await silenceable(model)
  return padded.map(({ reader, channels }) => {
    const [{ path, inputs }] = reader.calls as [Call]
    const avoidable = channels.filter((channel) => wouldBeZero(inputs[0]!, channel)).length
    return { layer: path, reason: reasonOf(reader, channels.length, avoidable) }
  })
}

function reasonOf({ hasShift }: Reader, count: number, avoidable: number): string {
  const reason = hasShift
    ? 'its bias cannot stand for constant inputs that do not add the same at all places'
    : 'it has no bias that could stand for constant inputs'
  const of = avoidable === count ? 'them' : `${avoidable} of them`
  const advice = avoidable > 0 ? `. A mask of wholeUnits would have made ${of} 0` : ''
  return `${reason}: ${count} stay${advice}`
}
