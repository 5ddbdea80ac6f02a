import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { containerOf } from '../internal/model-graph.js'
import { type LayerCall, layerCall } from '../layer-kinds/layer-call.js'
import { layerPaths } from './layer-paths.js'
import { type WalkedCall, walkCalls } from './walk-calls.js'

type Layer = layers.Layer

/** A call of a layer, with its place in the model. */
export interface Call extends LayerCall {
  readonly path: string
  /** Paths of the workers. */
  readonly paths: readonly string[]
  /** Shapes of the inputs for the inputs that the graph was made for. */
  readonly inputShapes: readonly number[][]
  /** No side but the batch may differ from one run to the next. */
  readonly isFixed: boolean
}

/** Tensors that are handed on: into a nested model, or out of it. */
export interface Pass {
  readonly from: readonly SymbolicTensor[]
  readonly to: readonly SymbolicTensor[]
  /**
   * Others are handed on to the same place, as a nested model that is called more than once gets
   * them.
   */
  readonly isShared: boolean
}

/**
 * The computation of a model, nested models opened: each symbolic tensor once, with its channels on
 * the last axis.
 */
export interface Graph {
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
  /**
   * In an order in which they can be computed; the calls of a nested model behind the first pass
   * into it.
   */
  readonly steps: readonly (Call | Pass)[]
  readonly calls: readonly Call[]
  /** Tensors of the input layers by their paths. */
  readonly inputLayers: ReadonlyMap<string, SymbolicTensor>
}

/** Reads the graph of a model for inputs of the given shapes, the batch included. */
export function graphOf(model: LayersModel, shapes: readonly number[][]): Graph {
  const container = containerOf(model)
  const paths = layerPaths(model)
  checkPaths([...paths.values()])
  const entries = new Map<SymbolicTensor | undefined, number>()
  const seen = new Set<unknown>()
  const steps: (() => Call | Pass)[] = []
  const once = (key: unknown, step: () => Call | Pass) => {
    if (seen.has(key)) return
    seen.add(key)
    steps.push(step)
  }
  walkCalls(container, shapes, {
    call: (call) => once(call.node, () => callOf(call, paths.get(call.layer)!)),
    enter: (node, { inputs: to }) => {
      if (!seen.has(node)) entries.set(to[0], (entries.get(to[0]) ?? 0) + 1)
      once(node, () => ({ from: node.inputTensors, to, isShared: entries.get(to[0])! > 1 }))
    },
    leave: (node, { outputs: from }) => {
      once(node.outputTensors, () => ({ from, to: node.outputTensors, isShared: false }))
    },
  })
  const made = steps.map((step) => step())
  const calls = made.filter((step) => 'layer' in step)
  return {
    inputs: container.inputs,
    outputs: container.outputs,
    steps: made,
    calls,
    inputLayers: inputLayersOf(paths),
  }
}

/** A layer named `a/b` has the path of a layer `b` within a model `a`. */
function checkPaths(paths: readonly string[]): void {
  const double = paths.find((path, i) => paths.indexOf(path) < i)
  if (double === undefined) return
  const wanted = 'a path of its own for each layer'
  throw new TypeError(`Cannot shrink the model: expected ${wanted}, got two layers at ${double}`)
}

function callOf({ node, layer, inputShapes }: WalkedCall, path: string): Call {
  const call = layerCall(node)
  const isFixed = [...call.inputs, ...call.outputs].every(({ shape }) =>
    shape.slice(1).every((side) => side !== null),
  )
  const paths = call.workers.map((one) => (one === layer ? path : `${path}/${one.name}`))
  return { ...call, path, paths, inputShapes, isFixed }
}

function inputLayersOf(paths: ReadonlyMap<Layer, string>): Map<string, SymbolicTensor> {
  const found = [...paths].filter(([layer]) => layer.getClassName() === 'InputLayer')
  return new Map(found.map(([layer, path]) => [path, layer.inboundNodes[0]!.outputTensors[0]!]))
}
