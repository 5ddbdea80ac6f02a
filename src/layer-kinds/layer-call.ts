import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { channelsOf, type GraphNode } from '../internal/model-graph.js'

type Layer = layers.Layer

/** How `Bidirectional` merges its two directions; null puts out both. */
type MergeMode = 'concat' | 'sum' | 'ave' | 'mul' | null

/** A call of a layer on tensors whose channels are on the last axis. */
export interface LayerCall {
  /** The layer that is called, which may be a wrapper. */
  readonly layer: Layer
  /**
   * The layers that do the work: the one within `TimeDistributed`, both directions of
   * `Bidirectional`, which are built alike, or the layer itself.
   */
  readonly workers: readonly [Layer, ...Layer[]]
  /** Class of the workers. */
  readonly className: string
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
  /** Of two directions. */
  readonly mergeMode?: MergeMode
}

interface Wrapper {
  readonly layer?: Layer
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
  readonly mergeMode?: MergeMode
}

/** A call in a model's graph. */
export function layerCall({
  outboundLayer: layer,
  inputTensors,
  outputTensors,
}: GraphNode): LayerCall {
  const tensors = { inputs: inputTensors, outputs: outputTensors }
  const { layer: wrapped, forwardLayer, backwardLayer, mergeMode = null } = layer as Wrapper
  const wrapper = layer.getClassName()
  if (wrapper === 'TimeDistributed' && wrapped)
    return { ...tensors, layer, workers: [wrapped], className: classNameOf(wrapped) }
  if (wrapper !== 'Bidirectional' || !forwardLayer || !backwardLayer)
    return { ...tensors, layer, workers: [layer], className: classNameOf(layer) }
  const workers = [forwardLayer, backwardLayer] as const
  return { ...tensors, layer, workers, className: classNameOf(forwardLayer), mergeMode }
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
