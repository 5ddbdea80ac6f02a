import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { type Container, containerOf, type GraphNode, nestedIn } from '../internal/model-graph.js'
import { walkGraph } from '../internal/walk-graph.js'
import { type GraphBuilder, newBuilder } from './graph/builder.js'
import { cast } from './graph/cast.js'
import type { OnnxGraph, Port, Side, Value } from './graph/graph.js'
import { cannotSay, onnxError } from './graph/onnx-error.js'
import { floatInputs } from './layers/float-inputs.js'
import type { InnerModel, LayerToWrite, Weight } from './layers/layer-writer.js'
import { writerOf } from './layers/writers.js'
import { outputNamesIn } from './output-names.js'
import { outputShapes } from './output-shapes.js'
import { refuseOwn, refuseOwnModel } from './refuse-own.js'

/** Values of the weights of a model, by their variables, each with its name. */
export type NamedValues = ReadonlyMap<unknown, Omit<Weight, 'shape'>>

/** Where the channels of an image lie: behind its pixels, as in tfjs, or before them. */
export type DataFormat = 'channelsLast' | 'channelsFirst'

/** Options of {@link readGraph}. */
export interface GraphOptions {
  readonly values: NamedValues
  readonly opset: number
  /** Where the channels of images lie, in inputs and outputs. */
  readonly dataFormat: DataFormat
  /** Layers whose activation only bears the name of a stock one. */
  readonly own: ReadonlySet<layers.Layer>
}

type Layer = layers.Layer

/**
 * Says a model of stock layers in ONNX: each call of a layer as its nodes, nested models opened.
 */
export function readGraph(model: LayersModel, options: GraphOptions): OnnxGraph {
  const { values, opset, own, dataFormat } = options
  const container = containerOf(model)
  const names = outputNamesIn(container.inputNames, model.outputNames)
  const graph = newBuilder({ opset, reserved: [...container.inputNames, ...names] })
  const inputs = container.inputs.map((tensor, i) => ({
    ...inputValue(tensor, container.inputNames[i]!),
    ...(isFirst(tensor, dataFormat) && { channelsFirst: true }),
  }))
  const outputs = writeModel(container, inputs, { path: [], graph, values, own })
  return {
    name: model.name,
    ...namedOutputs(graph, { outputs, names, dataFormat }),
    inputs: inputs.map((input) => portOf(input, input.name)),
  }
}

/** Whether the channels of an image lie before its pixels; rows and sequences have no pixels. */
function isFirst({ shape }: { readonly shape: readonly Side[] }, dataFormat: DataFormat): boolean {
  return shape.length > 3 && dataFormat === 'channelsFirst'
}

function inputValue(tensor: SymbolicTensor, name: string): Value {
  const { shape } = tensor
  const dtype = typeOf(tensor, name)
  return dtype === 'float32' ? { name, shape } : { name, shape, dtype }
}

function typeOf({ dtype }: SymbolicTensor, name: string): NonNullable<Value['dtype']> {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw onnxError('inputs of float32, int32 or bool', `${name} of ${dtype}`)
}

/** All that the calls of a model share. */
interface Surroundings {
  readonly graph: GraphBuilder
  readonly values: NamedValues
  readonly own: ReadonlySet<Layer>
}

/** Says all layers of a model, and gives its outputs. */
function writeModel(
  container: Container,
  inputs: readonly Value[],
  { path: before, ...around }: Surroundings & { readonly path: readonly string[] },
): readonly Value[] {
  const path = [...before]
  return walkGraph<Value>(container, inputs, {
    enter: ({ outboundLayer }) => {
      path.push(outboundLayer.name)
      refuseOwnModel(outboundLayer, path.join('/'))
    },
    leave: () => path.pop(),
    call: (node, given) => {
      const name = [...path, node.outboundLayer.name].join('/')
      return writeCall(node, { path: name, given, ...around })
    },
  })
}

interface Call extends Surroundings {
  readonly path: string
  readonly given: readonly Value[]
}

function writeCall(node: GraphNode, { path, given, graph, values, own }: Call): readonly Value[] {
  const layer = node.outboundLayer
  graph.enter(path)
  const outputs = outputShapes(node, given)
  // tfjs hands values on in the type that the model has for them: float32 behind each layer.
  const inputs = given.map((value, i) => {
    const tensor = node.inputTensors[i]!
    return cast(graph, value, typeOf(tensor, tensor.name))
  })
  const call = layerToWrite(layer, { path, inputs, outputs, graph, values, own })
  const writer = writerOf(call.className)
  if (!writer) throw cannotSay(call, 'its class is not known', 'run the model in tfjs')
  return [writer(floatInputs(call))].flat()
}

type Inner = Record<'layer' | 'forwardLayer' | 'backwardLayer', Layer>
/** A recurrent layer; those of stacked cells have `cells`. */
type Stacked = Layer & { readonly cell: { readonly cells?: readonly Layer[] } }
type ToWrite = Surroundings & Pick<LayerToWrite, 'path' | 'inputs' | 'outputs'>

function layerToWrite(layer: Layer, { values, own, ...call }: ToWrite): LayerToWrite {
  const { path, graph } = call
  const around = { graph, values, own }
  refuseOwn(layer, path, own)
  const below = (inner: Layer, given: Pick<LayerToWrite, 'inputs' | 'outputs'>) =>
    layerToWrite(inner, { path: `${path}/${inner.name}`, ...given, ...around })
  return {
    ...call,
    className: classNameOf(layer),
    config: layer.getConfig(),
    weight: (role) => weightOf(layer, role, values),
    inner: (option, given) => below((layer as unknown as Inner)[option], given),
    stackedCells: () => {
      const { cells = [] } = (layer as Partial<Stacked>).cell ?? {}
      return cells.map((cell) => below(cell, { inputs: [], outputs: [] }))
    },
    innerModel: innerModel(layer, path, around),
  }
}

/** The model that a wrapper calls, its layers named below it. */
function innerModel(wrapper: Layer, path: string, around: Surroundings): InnerModel | undefined {
  const { layer } = wrapper as Partial<Inner>
  const nested = layer && nestedIn(layer)
  if (!nested) return undefined
  const own = `${path}/${layer.name}`
  return {
    dtype: typeOf(nested.inputs[0]!, own),
    write: (input) => {
      refuseOwnModel(layer, own)
      const [output] = writeModel(nested, [input], { path: own.split('/'), ...around })
      around.graph.enter(path)
      return output!
    },
  }
}

function weightOf(layer: Layer, role: string, values: NamedValues): Weight | undefined {
  const variable = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === role)
  if (!variable) return undefined
  return { ...values.get(variable.read())!, shape: variable.shape as number[] }
}

function portOf({ shape, dtype = 'float32', channelsFirst }: Value, name: string): Port {
  const open = (axis: number) => (axis === 0 ? 'batch' : `${name}_${axis}`)
  const sides = shape.map((side, axis) => side ?? open(axis))
  const [batch, ...sample] = sides
  const turned = [batch!, sample.at(-1)!, ...sample.slice(0, -1)]
  return { name, dtype, shape: channelsFirst ? turned : sides }
}

interface Ends {
  readonly outputs: readonly Value[]
  readonly names: readonly string[]
  readonly dataFormat: DataFormat
}

/** Gives the outputs of the graph their names. */
function namedOutputs(graph: GraphBuilder, { outputs, names, dataFormat }: Ends) {
  graph.enter('outputs')
  const ends = outputs.map((output, i) => {
    const turned = isFirst(output, dataFormat)
      ? graph.channelsFirst(output)
      : graph.channelsLast(output)
    const { shape, dtype } = turned
    const made = graph.node('Identity', { inputs: [turned], shape, ...(dtype && { dtype }) })
    return { made, port: portOf(turned, names[i]!) }
  })
  const renamed = new Map(ends.map(({ made, port }) => [made.name, port.name]))
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((output) => renamed.get(output) ?? output),
  }))
  return { nodes, constants: graph.constants, outputs: ends.map(({ port }) => port) }
}
