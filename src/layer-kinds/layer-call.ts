import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { channelsOf, type GraphNode } from '../internal/model-graph.js'
import { wrappedLayers } from '../internal/wrapped-layers.js'

type Layer = layers.Layer

/** How `Bidirectional` merges its two directions; null puts out both. */
type MergeMode = 'concat' | 'sum' | 'ave' | 'mul' | null

/** A call of a layer on tensors whose channels are on the last axis. */
export interface LayerCall {
  /** The layer that is called, which may be a wrapper. */
  readonly layer: Layer
  /**
   * The layers that do the work: those in a wrapper, both directions of which are built alike, or
   * the layer itself.
   */
  readonly workers: readonly [Layer, ...Layer[]]
  /** Class of the workers. */
  readonly className: string
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
  /** Of two directions. */
  readonly mergeMode?: MergeMode
}

/** A call in a model's graph. */
export function layerCall({
  outboundLayer: layer,
  inputTensors,
  outputTensors,
}: GraphNode): LayerCall {
  const tensors = { inputs: inputTensors, outputs: outputTensors }
  const wrapped = wrappedLayers(layer)
  const workers = wrapped?.inner ?? ([layer] as const)
  const call = { ...tensors, layer, workers, className: classNameOf(workers[0]) }
  if (wrapped?.calls !== 'directions') return call
  const { mergeMode = null } = layer as { readonly mergeMode?: MergeMode }
  return { ...call, mergeMode }
}

/** Where the units of a worker are in the outputs of a call. */
export interface UnitPlace {
  /** Number of the output. */
  readonly output: number
  /** Channel of the worker's first unit. */
  readonly offset: number
}

/** The places of the units of each worker. */
export function unitPlaces({ workers, mergeMode, outputs }: LayerCall): UnitPlace[] {
  const units = channelsOf(outputs[0]!) / 2
  return workers.map((_, worker) => ({
    output: mergeMode === null ? worker : 0,
    offset: mergeMode === 'concat' ? worker * units : 0,
  }))
}

/** Number of units of each worker of a call. */
export function unitsOf({ mergeMode, outputs }: LayerCall): number {
  return channelsOf(outputs[0]!) / (mergeMode === 'concat' ? 2 : 1)
}
