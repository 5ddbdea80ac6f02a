import { sizeOf } from '../../internal/size-of.js'
import type { Constant, Node, OnnxGraph } from '../graph/graph.js'
import { neededNodes } from './needed-nodes.js'
import type { Pass } from './pass.js'
import { type Uses, usesOf } from './uses.js'

/** Products take in the factors and terms of each channel behind them: batch normalisations. */
export const foldScales: Pass = (graph) => {
  for (let current = graph; ; ) {
    const next = foldedOnce(current)
    if (!next) return neededNodes(current)
    current = next
  }
}

/** The graph with one node less; undefined where no product can take one in. */
function foldedOnce(graph: OnnxGraph): OnnxGraph | undefined {
  const uses = usesOf(graph)
  for (const node of graph.nodes) {
    const folded = foldedInto(node, uses)
    if (folded) return withFolded(graph, node, folded)
  }
  return undefined
}

interface Folded {
  readonly product: Node
  readonly into: Node
  readonly constants: readonly Constant[]
}

function withFolded(graph: OnnxGraph, gone: Node, { product, into, constants }: Folded): OnnxGraph {
  const nodes = graph.nodes
    .filter((node) => node !== gone)
    .map((node) => (node === product ? { ...into, outputs: gone.outputs } : node))
  const replaced = new Set(product.inputs.filter((input) => !into.inputs.includes(input)))
  const kept = graph.constants.filter(({ name }) => !replaced.has(name))
  return { ...graph, nodes, constants: [...kept, ...constants] }
}

/** A product whose kernel holds its output channels on this axis. */
const PRODUCTS: Readonly<Record<string, { readonly axis: number; readonly takesBias: boolean }>> = {
  Conv: { axis: 0, takesBias: true },
  ConvTranspose: { axis: 1, takesBias: true },
  Gemm: { axis: 1, takesBias: true },
  MatMul: { axis: 1, takesBias: false },
}

/** The product that takes in this node; undefined where none can. */
function foldedInto(node: Node, uses: Uses): Folded | undefined {
  if (node.op !== 'Mul' && node.op !== 'Add') return undefined
  const product = uses.makerOf(node.inputs[0]!)
  const channels = floatsOf(uses.constantOf(node.inputs[1]))
  const rule = product && PRODUCTS[product.op]
  if (!rule || !channels || !uses.isReadOnce(product.outputs[0]!)) return undefined
  const [x, kernelName, biasName] = product.inputs
  const kernel = uses.constantOf(kernelName)
  const bias = floatsOf(uses.constantOf(biasName))
  const values = floatsOf(kernel)
  if (!kernel || !values || !uses.isReadOnce(kernelName!)) return undefined
  if (kernel.shape[rule.axis] !== channels.length) return undefined
  if (biasName !== undefined && (!bias || !uses.isReadOnce(biasName))) return undefined
  if (node.op === 'Add' && !rule.takesBias) return undefined
  const scaled =
    node.op === 'Mul' ? scaledKernel(kernel, values, { channels, axis: rule.axis }) : kernel
  const shifted = shiftedBias(node.op, bias, channels)
  const areNumbers = [scaled.values, shifted ?? []].every((made) => made.every(Number.isFinite))
  // Zeros times infinity are no number; the product and the factor of an outcome may be one.
  if (!areNumbers) return undefined
  const name = `${kernelName}:${node.op}`
  const made = [
    ...(scaled === kernel ? [] : [{ ...scaled, name }]),
    ...(shifted ? [{ name: `${name}:bias`, shape: [channels.length], values: shifted }] : []),
  ]
  const inputs = [x!, scaled === kernel ? kernelName! : name, ...(shifted ? [`${name}:bias`] : [])]
  return { product, into: { ...product, inputs }, constants: made }
}

function floatsOf(constant: Constant | undefined): Float32Array | undefined {
  return constant?.values instanceof Float32Array ? constant.values : undefined
}

interface Channels {
  readonly channels: Float32Array
  readonly axis: number
}

function scaledKernel(kernel: Constant, values: Float32Array, { channels, axis }: Channels) {
  const behind = sizeOf(kernel.shape.slice(axis + 1))
  const scaled = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++)
    scaled[i] = values[i]! * channels[Math.floor(i / behind) % channels.length]! + 0
  return { ...kernel, values: scaled }
}

function shiftedBias(op: 'Mul' | 'Add', bias: Float32Array | undefined, channels: Float32Array) {
  if (op === 'Mul') return bias?.map((value, i) => value * channels[i]!)
  return channels.map((term, i) => term + (bias?.[i] ?? 0))
}
