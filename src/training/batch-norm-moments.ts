import {
  batchNorm,
  cast,
  keep,
  moments,
  reshape,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type Container, containerOf } from '../internal/model-graph.js'
import { wrappedLayers } from '../internal/wrapped-layers.js'

type Layer = layers.Layer

/**
 * The statistics of one batch in one call of a batch normalisation; the caller disposes the
 * tensors.
 */
export interface LayerMoments {
  readonly layer: Layer
  /** Samples, times the places of each. */
  readonly count: number
  /** Mean by channel, `[channels]`. */
  readonly mean: Tensor
  /** Variance by channel, divided by `count`, `[channels]`. */
  readonly variance: Tensor
}

/**
 * Computes a model as in inference, but for batch normalisation, which uses the statistics of the
 * batch and tells them. The `training` flag of tfjs would switch dropout on as well and write
 * moving statistics. It walks the graph that the model was built from, nested models and
 * `TimeDistributed` opened, and changes nothing in the model.
 */
export function normaliseByBatch(model: LayersModel, inputs: readonly Tensor[]): LayerMoments[] {
  const found: LayerMoments[] = []
  try {
    tidy(() => void callModel(containerOf(model), inputs, (moments) => found.push(moments)))
    return found
  } catch (error) {
    for (const { mean, variance } of found) for (const one of [mean, variance]) one.dispose()
    throw error
  }
}

type Tell = (moments: LayerMoments) => void

/** Runs the calls of a model's graph, the deepest first. */
function callModel(
  { inputs: symbols, outputs, nodesByDepth }: Container,
  inputs: readonly Tensor[],
  tell: Tell,
) {
  const values = new Map<SymbolicTensor, Tensor>(symbols.map((symbol, i) => [symbol, inputs[i]!]))
  const masks = new Map<SymbolicTensor, Tensor | null>()
  const depths = Object.keys(nodesByDepth).sort((a, b) => Number(b) - Number(a))
  for (const { outboundLayer: layer, inputTensors, outputTensors } of depths.flatMap(
    (depth) => nodesByDepth[depth]!,
  )) {
    if (outputTensors.every((symbol) => values.has(symbol))) continue
    const own = inputTensors.map((symbol) => values.get(symbol)!)
    const ownMasks = inputTensors.map((symbol) => masks.get(symbol) ?? null)
    const made = callLayer(layer, own, { mask: ownMasks[0] ?? undefined, tell })
    outputTensors.forEach((symbol, i) => void values.set(symbol, made[i]!))
    // As tfjs does when it runs a model: one mask for all outputs.
    const mask = layer.supportsMasking
      ? [layer.computeMask(own, ownMasks as Tensor[])].flat()[0]
      : undefined
    for (const symbol of outputTensors) masks.set(symbol, mask ?? null)
  }
  return outputs.map((symbol) => values.get(symbol)!)
}

interface Call {
  readonly mask: Tensor | undefined
  readonly tell: Tell
}

function callLayer(layer: Layer, inputs: readonly Tensor[], { mask, tell }: Call): Tensor[] {
  if (layer.getClassName() === 'BatchNormalization') return [normalise(layer, inputs[0]!, tell)]
  const { layers: nested } = layer as Layer & { layers?: Layer[] }
  if (Array.isArray(nested))
    return callModel(containerOf(layer as unknown as LayersModel), inputs, tell)
  const wrapped = wrappedLayers(layer)
  if (wrapped?.calls === 'steps') {
    const [output] = callLayer(wrapped.inner[0], inputs.map(mergeTime), { mask: undefined, tell })
    return [reshape(output!, [...inputs[0]!.shape.slice(0, 2), ...output!.shape.slice(1)])]
  }
  return [
    layer.apply([...inputs], { training: false, ...(mask && { mask }) }) as Tensor | Tensor[],
  ].flat()
}

/** `[n, time, ...]` as `[n time, ...]`: every time is a sample of its own. */
function mergeTime(tensor: Tensor): Tensor {
  const [samples, time, ...rest] = tensor.shape
  return reshape(tensor, [samples! * time!, ...rest])
}

function normalise(layer: Layer, given: Tensor, tell: Tell): Tensor {
  const input = cast(given, 'float32')
  const { axis, epsilon } = layer.getConfig() as { axis: number; epsilon: number }
  const channel = axis >= 0 ? axis : input.rank + axis
  const others = input.shape.map((_, i) => i).filter((i) => i !== channel)
  const channels = input.shape[channel]!
  const { mean, variance } = moments(input, others, true)
  const flat = (tensor: Tensor) => keep(reshape(tensor, [channels]).clone())
  tell({ layer, count: input.size / channels, mean: flat(mean), variance: flat(variance) })
  // The shapes and the operation of tfjs's own layer: with another axis than the last, backends
  // differ in what they do.
  const shaped = (tensor: Tensor) =>
    channel === input.rank - 1 ? reshape(tensor, [channels]) : reshape(tensor, mean.shape)
  const weight = (role: string) => {
    const found = layer.weights.find(({ originalName }) => originalName.endsWith(`/${role}`))
    return found && (shaped(found.read()) as Tensor4D)
  }
  const [own, spread] = [shaped(mean), shaped(variance)] as [Tensor4D, Tensor4D]
  return batchNorm(input as Tensor4D, own, spread, weight('beta'), weight('gamma'), epsilon)
}
