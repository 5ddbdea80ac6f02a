import { reshape, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type Container, containerOf, type GraphNode } from '../internal/model-graph.js'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { graphValues } from './graph-values.js'

type Layer = layers.Layer

/** One call of a layer while the model computes. Its tensors are disposed after the visit. */
export interface LayerCall {
  readonly layer: Layer
  readonly input: Tensor
  /** The layer's output, or that of the activation behind it. */
  readonly output: Tensor
}

/**
 * Computes the model, as in inference, and shows each call of the wanted layers: those of nested
 * models and wrappers too, and a shared layer once a call. Reads the graph that the model was built
 * from; changes nothing in the model.
 */
export function observeLayers(
  model: LayersModel,
  inputs: readonly Tensor[],
  { wanted, visit }: { wanted: ReadonlySet<Layer>; visit: (call: LayerCall) => void },
): void {
  tidy(() => observe(containerOf(model), inputs, { wanted, visit }))
}

interface Observer {
  readonly wanted: ReadonlySet<Layer>
  readonly visit: (call: LayerCall) => void
}

function observe(
  container: Container,
  inputs: readonly Tensor[],
  { wanted, visit }: Observer,
): void {
  const nodes = Object.values(container.nodesByDepth).flat()
  const seen = nodes
    .filter(({ outboundLayer }) => isWanted(outboundLayer, wanted))
    .map((node) => ({ node, output: activated(node, nodes) }))
  if (seen.length === 0) return
  const tensors = [...new Set(seen.flatMap(({ node, output }) => [...node.inputTensors, output]))]
  const values = graphValues(container, inputs, tensors)
  for (const { node, output } of seen) {
    const own = node.inputTensors.map((tensor) => values.get(tensor)!)
    tidy(() =>
      enter(node.outboundLayer, { inputs: own, output: values.get(output)! }, { wanted, visit }),
    )
  }
}

/** Visits a layer, or the layers in it. */
function enter(
  layer: Layer,
  call: { inputs: readonly Tensor[]; output: Tensor },
  observer: Observer,
): void {
  const { inputs, output } = call
  const { layers: nested, layer: wrapped, forwardLayer, backwardLayer } = layer as Layer & Inner
  if (observer.wanted.has(layer)) observer.visit({ layer, input: inputs[0]!, output })
  if (nested) observe(containerOf(layer as unknown as LayersModel), inputs, observer)
  else if (wrapped)
    enter(wrapped, { inputs: inputs.map(mergeTime), output: mergeTime(output) }, observer)
  for (const direction of [forwardLayer, backwardLayer])
    if (direction) enter(direction, call, observer)
}

/** `[n, time, ...]` as `[n time, ...]`, as TimeDistributed shows its layer. */
function mergeTime(tensor: Tensor): Tensor {
  const [samples, time, ...rest] = tensor.shape
  return reshape(tensor, [samples! * time!, ...rest])
}

/** Whether a layer is wanted, or something that it wraps. */
function isWanted(layer: Layer, wanted: ReadonlySet<Layer>): boolean {
  const {
    layers: nested = [],
    layer: wrapped,
    forwardLayer,
    backwardLayer,
  } = layer as Layer & Inner
  const inside = [...nested, wrapped, forwardLayer, backwardLayer].filter(
    (inner) => inner !== undefined,
  )
  return wanted.has(layer) || inside.some((inner) => isWanted(inner, wanted))
}

/** Layers inside a nested model, `TimeDistributed` or `Bidirectional`. */
interface Inner {
  readonly layers?: Layer[]
  readonly layer?: Layer
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
}

/**
 * The output of a node's layer, or that of the one activation that alone consumes it, normalisation
 * and dropout in between or not.
 */
function activated(node: GraphNode, nodes: readonly GraphNode[]): SymbolicTensor {
  let tensor = node.outputTensors[0]!
  const own = tensor
  const { activation = 'linear' } = node.outboundLayer.getConfig()
  if (activation !== 'linear') return own
  for (;;) {
    const consumers = nodes.filter(({ inputTensors }) => inputTensors.includes(tensor))
    const [next] = consumers
    const stage = next && layerKind(next.outboundLayer.getClassName())?.stage
    if (!next || consumers.length > 1 || !stage) return own
    if (stage === 'activation') return next.outputTensors[0]!
    tensor = next.outputTensors[0]!
  }
}
