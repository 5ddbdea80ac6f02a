import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { addConstant, addNode, type Graph, valueInfo } from './graph.js'
import { modelProto } from './schema.js'

interface Config {
  readonly activation?: string
  readonly padding?: string | readonly (readonly number[])[]
  readonly strides?: readonly number[]
  readonly kernelSize?: readonly number[]
  readonly poolSize?: readonly number[]
}

/** A place in the graph: the value so far, and zeros that the next convolution adds around it. */
interface Place {
  readonly value: string
  /** Top, left, bottom, right. */
  readonly pads: readonly number[]
}

const NO_PADS = [0, 0, 0, 0]
type Layer = LayersModel['layers'][number]
type Writer = (graph: Graph, place: Place, of: { layer: Layer; config: Config }) => Place

/** Zeros of `padding: 'same'` with steps of 1. */
const samePads = (sides: readonly number[]) => [
  ...sides.map((side) => (side - 1) >> 1),
  ...sides.map((side) => side >> 1),
]

function constants(graph: Graph, layer: Layer, order: readonly number[]): string[] {
  return layer.getWeights().map((weight, i) =>
    tf.tidy(() => {
      const turned = i === 0 ? tf.transpose(weight, [...order]) : weight
      return addConstant(graph, turned.shape, turned.dataSync() as Float32Array)
    }),
  )
}

function activated(graph: Graph, value: string, { activation = 'linear' }: Config): Place {
  if (activation === 'linear') return { value, pads: NO_PADS }
  if (activation === 'relu') return { value: addNode(graph, 'Relu', [value]), pads: NO_PADS }
  throw new RangeError(`Cannot write ONNX: expected relu or linear, got ${activation}`)
}

const writers: Readonly<Record<string, Writer>> = {
  InputLayer: (_, place) => place,
  ZeroPadding2D: (_, { value }, { config }) => {
    const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]]
    return { value, pads: [top, left, bottom, right] }
  },
  Conv2D: (graph, { value, pads }, { layer, config }) => {
    const { strides, kernelSize: kernel_shape } = config as Required<Config>
    const same = config.padding === 'same'
    if (same && strides.some((step) => step !== 1))
      throw new RangeError("Cannot write ONNX: expected steps of 1 with padding 'same'")
    const around = same ? samePads(kernel_shape).map((side, i) => side + pads[i]!) : pads
    const inputs = [value, ...constants(graph, layer, [3, 2, 0, 1])]
    const made = addNode(graph, 'Conv', inputs, { kernel_shape, strides, pads: around })
    return activated(graph, made, config)
  },
  MaxPooling2D: (graph, { value }, { config }) => {
    const { strides, poolSize: kernel_shape, padding } = config as Required<Config>
    if (padding !== 'valid') throw new RangeError('Cannot write ONNX: expected pools without zeros')
    return { value: addNode(graph, 'MaxPool', [value], { kernel_shape, strides }), pads: NO_PADS }
  },
  GlobalAveragePooling2D: (graph, { value }) => {
    const mean = addNode(graph, 'GlobalAveragePool', [value])
    return { value: addNode(graph, 'Flatten', [mean], { axis: 1 }), pads: NO_PADS }
  },
  Dense: (graph, { value }, { layer, config }) => {
    const inputs = [value, ...constants(graph, layer, [0, 1])]
    return activated(graph, addNode(graph, 'Gemm', inputs), config)
  },
}

/**
 * Writes a chain of convolutions, pools and dense layers as an ONNX file in the order of its
 * runtimes, channels first: input `x` `[batch, channels, height, width]`, output `y`.
 *
 * @throws {RangeError} If a layer or an option of it is not among those that a writer knows.
 */
export function writeOnnx(model: LayersModel): Uint8Array {
  const graph: Graph = { node: [], initializer: [] }
  const last = model.layers.reduce<Place>(
    (place, layer) => {
      const write = writers[layer.getClassName()]
      if (write) return write(graph, place, { layer, config: layer.getConfig() as Config })
      const known = Object.keys(writers).join(', ')
      throw new RangeError(`Cannot write ONNX: expected ${known}, got ${layer.getClassName()}`)
    },
    { value: 'x', pads: NO_PADS },
  )
  graph.node.push({ name: 'y', op_type: 'Identity', input: [last.value], output: ['y'] })
  const [height, width, channels] = model.inputs[0]!.shape.slice(1) as number[]
  const message = {
    ...{ ir_version: 8, producer_name: 'tfjs-prune', opset_import: [{ version: 17 }] },
    graph: {
      ...graph,
      name: 'network',
      input: [valueInfo('x', [channels!, height!, width!])],
      output: [valueInfo('y', model.outputs[0]!.shape.slice(1) as number[])],
    },
  }
  return modelProto.encode(modelProto.fromObject(message)).finish()
}
