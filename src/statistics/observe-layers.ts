import { fill, reshape, slice, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type Container, containerOf, type GraphNode } from '../internal/model-graph.js'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { type GivenMasks, graphMasks, maskSources } from './graph-masks.js'
import { graphValues } from './graph-values.js'
import { bothMasks, type StepMask } from './step-masks.js'

type Layer = layers.Layer

/** One call of a layer while the model computes. Its tensors are disposed after the visit. */
export interface LayerCall {
  readonly layer: Layer
  readonly input: Tensor
  /** The layer's output, or that of the activation behind it. */
  readonly output: Tensor
  /** Steps of the input that count. */
  readonly mask: StepMask
  /** Steps of the output that count. */
  readonly outputMask: StepMask
  /** Whether the output is that of both directions of a `Bidirectional`. */
  readonly isMerged?: boolean
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
  const masks = { inputs: [], last: null }
  tidy(() => observe(containerOf(model), inputs, { wanted, visit, masks, samples: null }))
}

interface Observer {
  readonly wanted: ReadonlySet<Layer>
  readonly visit: (call: LayerCall) => void
  readonly masks: GivenMasks
  /** Samples that count: steps of a model around this one. */
  readonly samples: StepMask
}

function observe(container: Container, inputs: readonly Tensor[], observer: Observer): void {
  const nodes = Object.values(container.nodesByDepth).flat()
  const seen = nodes
    .filter(({ outboundLayer }) => isWanted(outboundLayer, observer.wanted))
    .map((node) => ({ node, output: activated(node, nodes) }))
  if (seen.length === 0) return
  const shown = seen.flatMap(({ node, output }) => [...node.inputTensors, output])
  const sources = maskSources(container, observer.masks)
  const values = graphValues(container, inputs, [...shown, ...sources], observer.masks.last)
  const { of, given } = graphMasks(container, values, observer.masks)
  for (const { node, output } of seen) {
    const masks = node.outputTensors.map((own) => given.get(own)).find(Boolean)!
    const call = {
      inputs: node.inputTensors.map((tensor) => values.get(tensor)!),
      output: values.get(output)!,
      // Activations of tfjs without mask rules hand none on.
      outputMask: of.get(node.outputTensors[0]!) ?? null,
    }
    tidy(() => enter(node.outboundLayer, call, { ...observer, masks }))
  }
}

interface Entered {
  readonly inputs: readonly Tensor[]
  readonly output: Tensor
  readonly outputMask: StepMask
  readonly isMerged?: boolean
}

/** Visits a layer, or the layers in it. */
function enter(layer: Layer, call: Entered, observer: Observer): void {
  const { inputs, output, outputMask } = call
  const { masks, samples } = observer
  const { layers: nested, layer: wrapped, forwardLayer, backwardLayer } = layer as Layer & Inner
  if (observer.wanted.has(layer)) {
    const mask = bothMasks(samples, stepsOf(layer, inputs[0]!, masks.inputs[0]))
    observer.visit({
      layer,
      input: inputs[0]!,
      output,
      mask,
      outputMask: bothMasks(samples, outputMask),
      isMerged: call.isMerged ?? false,
    })
  }
  if (nested) observe(containerOf(layer as unknown as LayersModel), inputs, observer)
  else if (forwardLayer && backwardLayer)
    for (const direction of [forwardLayer, backwardLayer])
      enter(direction, { ...call, isMerged: true }, observer)
  else if (wrapped) enter(wrapped, ...mergedTime(call, observer))
}

/** The mask that a layer looks at. */
function stepsOf(layer: Layer, input: Tensor, mask: StepMask = null): StepMask {
  if (!mask || !layer.supportsMasking) return null
  const [steps, masked] = [input.shape[1]!, mask.shape[1]!]
  if (mask.rank < 2 || masked <= steps) return mask
  // From before a window shortened the sequence: a recurrent layer takes the steps that come first.
  const { goBackwards } = layer.getConfig()
  return slice(mask, [0, goBackwards ? masked - steps : 0], [-1, steps])
}

/** A call and its masks with `[n, time, ...]` as `[n time, ...]`, as TimeDistributed shows its layer. */
function mergedTime(
  { inputs, output }: Entered,
  { masks, samples, ...observer }: Observer,
): [Entered, Observer] {
  const merge = (tensor: Tensor) => reshape(tensor, [-1, ...tensor.shape.slice(2)])
  const [n, time] = inputs[0]!.shape
  const steps = masks.inputs[0] ?? null
  const both = samples || steps ? bothMasks(samples, steps ?? fill([n!, time!], 1, 'bool')) : null
  return [
    { inputs: inputs.map(merge), output: merge(output), outputMask: null },
    { ...observer, masks: { inputs: [], last: null }, samples: both && merge(both) },
  ]
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

/** The layer within wrappers. */
function unwrapped(layer: Layer): Layer {
  const { layer: wrapped } = layer as Layer & Inner
  return wrapped ? unwrapped(wrapped) : layer
}

/**
 * The output of a node's layer, or that of the one activation that alone consumes it, normalisation
 * and dropout in between or not.
 */
function activated(node: GraphNode, nodes: readonly GraphNode[]): SymbolicTensor {
  let tensor = node.outputTensors[0]!
  const own = tensor
  const { activation = 'linear' } = unwrapped(node.outboundLayer).getConfig()
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
