import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import {
  type Container,
  channelsOf,
  containerOf,
  type GraphNode,
  isInput,
  nestedIn,
  nodesInOrder,
} from '../internal/model-graph.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { layerCall } from '../layer-kinds/layer-call.js'
import type { DeadUnits } from './dead-units.js'
import { silenceCall } from './silence-call.js'
import { silenceCells } from './silence-cells.js'

type Layer = layers.Layer

/** How dead units reach through a model. */
export interface Silence {
  /** Weights that have to be 0 so that dead channels emit 0, 1 a place. */
  readonly zeros: ReadonlyMap<ModelWeight, Uint8Array>
  /** For each tensor whether its channels are then alive, constant or 0. */
  readonly states: ReadonlyMap<SymbolicTensor, Uint8Array>
}

interface Walk {
  readonly weightsOf: (layer: Layer) => readonly ModelWeight[]
  readonly dead: DeadUnits
  /** Channels that each layer could silence in all of its calls so far. */
  readonly silenced: Map<Layer, Uint8Array>
  readonly states: Map<SymbolicTensor, Uint8Array>
  readonly zeros: Map<ModelWeight, Uint8Array>
}

/**
 * Follows the constants of dead units through a model, and finds the weights that keep them from
 * being 0. A layer that is called several times silences a channel only where all calls allow it:
 * the walk starts with all that one call allows, and is repeated until nothing is taken back.
 */
export function silentChannels(
  model: LayersModel,
  all: readonly ModelWeight[],
  dead: DeadUnits,
): Silence {
  const byLayer = new Map<Layer, ModelWeight[]>(all.map(({ owner }) => [owner, []]))
  for (const weight of all) byLayer.get(weight.owner)!.push(weight)
  const weightsOf = (layer: Layer) => byLayer.get(layer) ?? []
  const container = containerOf(model)
  const alive = container.inputs.map((tensor) => new Uint8Array(channelsOf(tensor)))
  const silenced = new Map<Layer, Uint8Array>()
  while (true) {
    const before = total(silenced)
    const walk = { weightsOf, dead, silenced, states: new Map(), zeros: new Map() }
    walkThrough(container, alive, { walk, isFrozen: !(model.trainable || dead.areFrozen) })
    if (total(silenced) === before) return walk
  }
}

interface Inside {
  readonly walk: Walk
  /** A model around this one is frozen. */
  readonly isFrozen: boolean
}

function walkThrough(
  container: Container,
  given: readonly Uint8Array[],
  inside: Inside,
): Uint8Array[] {
  const { states } = inside.walk
  for (const [i, tensor] of container.inputs.entries()) states.set(tensor, given[i]!)
  for (const node of nodesInOrder(container)) {
    if (isInput(node)) continue
    const inputs = node.inputTensors.map((tensor) => states.get(tensor)!)
    const made = walkNode(node, inputs, inside)
    for (const [i, tensor] of node.outputTensors.entries()) states.set(tensor, made[i]!)
  }
  return container.outputs.map((tensor) => states.get(tensor)!)
}

function walkNode(
  node: GraphNode,
  inputs: readonly Uint8Array[],
  { walk, ...around }: Inside,
): Uint8Array[] {
  const layer = node.outboundLayer
  const nested = nestedIn(layer)
  const isFrozen = around.isFrozen || !(layer.trainable || walk.dead.areFrozen)
  if (nested) return walkThrough(nested, inputs, { walk, isFrozen })
  const call = layerCall(node)
  const dead = call.workers.map((worker) => walk.dead.of.get(worker))
  const weights = call.workers.flatMap(walk.weightsOf)
  const silent = silenceCells(call, { weights, dead, isFrozen })
  if (silent) return silent
  const allowed = walk.silenced.get(layer)
  const silenced = silenceCall(call, inputs, { weights, dead: dead[0], isFrozen, allowed })
  const { state, places } = silenced
  walk.silenced.set(layer, places)
  for (const weight of silenced.weights) walk.zeros.set(weight, places)
  const others = call.outputs.slice(1)
  return [state, ...others.map((tensor) => new Uint8Array(channelsOf(tensor)))]
}

function total(silenced: ReadonlyMap<Layer, Uint8Array>): number {
  let sum = 0
  for (const places of silenced.values()) for (const place of places) sum += place
  return sum
}
