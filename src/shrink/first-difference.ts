import { dispose, gather, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import {
  type Container,
  containerOf,
  type GraphNode,
  isInput,
  nestedIn,
  nodesInOrder,
} from '../internal/model-graph.js'
import { graphValues } from '../statistics/graph-values.js'
import { differenceOf } from './difference.js'
import { layerPaths } from './layer-paths.js'

type Layer = layers.Layer

/** Two models of the same layers, the second with fewer channels. */
interface Pair {
  readonly whole: Container
  readonly small: Container
}

interface Inputs {
  readonly whole: readonly Tensor[]
  readonly small: readonly Tensor[]
}

/** The channels that are compared, and how closely. */
export interface ComparedChannels {
  /** The channels that the copy has; none for all. */
  readonly keptOf: (tensor: SymbolicTensor) => readonly number[]
  /** Largest difference, as a share of the largest value of the tensor. */
  readonly tolerance: number
}

/**
 * Path of the first layer, in the order in which they are computed, whose outputs differ in the
 * channels that stay; undefined where each layer is close enough by itself. Looks into nested
 * models at their first calls.
 */
export async function firstDifference(
  [model, copy]: readonly [LayersModel, LayersModel],
  probes: readonly Tensor[],
  rule: ComparedChannels,
): Promise<string | undefined> {
  const pair = { whole: containerOf(model), small: containerOf(copy) }
  const found = await searchContainer(pair, { whole: probes, small: probes }, rule)
  return found && layerPaths(model).get(found)
}

async function searchContainer(
  pair: Pair,
  inputs: Inputs,
  rule: ComparedChannels,
): Promise<Layer | undefined> {
  const nodes = pairNodes(pair)
  const opened: [Container, ReadonlyMap<SymbolicTensor, Tensor>][] = []
  const open = (container: Container, given: readonly Tensor[]) => {
    const values = allValues(container, given)
    opened.push([container, values])
    return values
  }
  try {
    const whole = open(pair.whole, inputs.whole)
    const small = open(pair.small, inputs.small)
    for (const [node, twin] of nodes) {
      const own = {
        whole: node.inputTensors.map((tensor) => whole.get(tensor)!),
        small: twin.inputTensors.map((tensor) => small.get(tensor)!),
      }
      const found = await searchNode([node, twin], { own, whole, small }, rule)
      if (found !== undefined) return found
    }
    return undefined
  } finally {
    for (const [container, values] of opened) {
      dispose(
        [...values]
          .filter(([tensor]) => !container.inputs.includes(tensor))
          .map(([, value]) => value),
      )
    }
  }
}

interface Values {
  readonly own: Inputs
  readonly whole: ReadonlyMap<SymbolicTensor, Tensor>
  readonly small: ReadonlyMap<SymbolicTensor, Tensor>
}

async function searchNode(
  [node, twin]: readonly [GraphNode, GraphNode],
  { own, whole, small }: Values,
  rule: ComparedChannels,
): Promise<Layer | undefined> {
  const [nested, copy] = [nestedIn(node.outboundLayer), nestedIn(twin.outboundLayer)]
  if (nested && copy) {
    const found = await searchContainer({ whole: nested, small: copy }, own, rule)
    if (found !== undefined) return found
  }
  for (const [i, tensor] of node.outputTensors.entries()) {
    const kept = rule.keptOf(tensor)
    const wanted = tidy(() => staying(whole.get(tensor)!, kept))
    const { share, finite } = await differenceOf(wanted, small.get(twin.outputTensors[i]!)!)
    wanted.dispose()
    if (!(finite && share <= rule.tolerance)) return node.outboundLayer
  }
  return undefined
}

function staying(values: Tensor, kept: readonly number[]): Tensor {
  const axis = values.shape.length - 1
  const isWhole = kept.length === 0 || kept.length === values.shape[axis]
  return isWhole ? values.clone() : gather(values, tensor1d([...kept], 'int32'), axis)
}

function allValues(container: Container, inputs: readonly Tensor[]): Map<SymbolicTensor, Tensor> {
  const tensors = nodesInOrder(container).flatMap(({ outputTensors }) => outputTensors)
  return graphValues(container, inputs, [...new Set(tensors)])
}

/**
 * The calls of a model beside those of its copy: the n-th call of a layer beside the n-th of the
 * one of its name.
 */
function pairNodes({ whole, small }: Pair): [GraphNode, GraphNode][] {
  const left = nodesInOrder(small)
  return nodesInOrder(whole).flatMap((node): [GraphNode, GraphNode][] => {
    const index = left.findIndex(
      ({ outboundLayer }) => outboundLayer.name === node.outboundLayer.name,
    )
    const [twin] = index < 0 ? [] : left.splice(index, 1)
    return twin && !isInput(node) ? [[node, twin]] : []
  })
}
