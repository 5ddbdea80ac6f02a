import type { PbfWriter } from 'pbf'
import { elementTypes } from '../graph/element-types.js'
import type { Attribute, Constant, Elements, Node, OnnxGraph, Port } from '../graph/graph.js'
import { type Write, writeAll, writerFor } from './message.js'
import { modelFields } from './model-fields.js'

// Numbers of fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** The revision of the file format. Runtimes take newer operations in it as well. */
const IR_VERSION = 8
/** Room for a node or for all of a constant but its values, at the least. */
const PART_BYTES = 1024

/** A graph with all that stands beside it in a file. */
export interface OnnxModel {
  readonly graph: OnnxGraph
  readonly opset: number
  readonly metadata: Readonly<Record<string, string>>
}

/** The bytes of an ONNX file. */
export function encodeModel({ graph, opset, metadata }: OnnxModel): Uint8Array {
  const weights = graph.constants.reduce((sum, { values }) => sum + values.byteLength, 0)
  const parts = graph.nodes.length + graph.constants.length + 16
  const writer = writerFor(weights + parts * PART_BYTES)
  writer.writeVarintField(modelFields.irVersion, IR_VERSION)
  writer.writeStringField(modelFields.producerName, 'tfjs-prune')
  writer.writeMessage(modelFields.opsetImport, writeOpset, opset)
  writeAll(writer, modelFields.metadata, { all: Object.entries(metadata), write: writeEntry })
  // At the end, so that a file that is cut anywhere is seen to be cut.
  writer.writeMessage(modelFields.graph, writeGraph, graph)
  // A copy, so that the buffer behind the bytes holds nothing else.
  return writer.finish().slice()
}

const writeOpset: Write<number> = (opset, writer) => {
  writer.writeStringField(1, '')
  writer.writeVarintField(2, opset)
}

const writeEntry: Write<[string, string]> = ([key, value], writer) => {
  writer.writeStringField(1, key)
  writer.writeStringField(2, value)
}

const writeGraph: Write<OnnxGraph> = ({ name, nodes, constants, inputs, outputs }, writer) => {
  writeAll(writer, 1, { all: nodes, write: writeNode })
  writer.writeStringField(2, name)
  writeAll(writer, 5, { all: constants, write: writeTensor })
  writeAll(writer, 11, { all: inputs, write: writePort })
  writeAll(writer, 12, { all: outputs, write: writePort })
}

const writeNode: Write<Node> = ({ name, op, inputs, outputs, attributes }, writer) => {
  for (const input of inputs) writer.writeStringField(1, input)
  for (const output of outputs) writer.writeStringField(2, output)
  writer.writeStringField(3, name)
  writer.writeStringField(4, op)
  writeAll(writer, 5, { all: Object.entries(attributes), write: writeAttribute })
}

const writeAttribute: Write<[string, Attribute]> = ([name, attribute], writer) => {
  writer.writeStringField(1, name)
  if ('float' in attribute) {
    writer.writeFloatField(2, attribute.float)
    writer.writeVarintField(20, 1)
  } else if ('int' in attribute) {
    writer.writeVarintField(3, attribute.int)
    writer.writeVarintField(20, 2)
  } else if ('text' in attribute) {
    writer.writeStringField(4, attribute.text)
    writer.writeVarintField(20, 3)
  } else if ('floats' in attribute) {
    for (const float of attribute.floats) writer.writeFloatField(7, float)
    writer.writeVarintField(20, 6)
  } else if ('ints' in attribute) {
    for (const int of attribute.ints) writer.writeVarintField(8, int)
    writer.writeVarintField(20, 7)
  } else {
    for (const text of attribute.texts) writer.writeStringField(9, text)
    writer.writeVarintField(20, 8)
  }
}

const writeTensor: Write<Constant> = ({ name, shape, values }, writer) => {
  for (const side of shape) writer.writeVarintField(1, side)
  writer.writeVarintField(2, typeOf(values))
  writer.writeStringField(8, name)
  const { buffer, byteOffset, byteLength } = values
  writer.writeBytesField(9, new Uint8Array(buffer, byteOffset, byteLength))
}

function typeOf(values: Elements): number {
  if (values instanceof Float32Array) return elementTypes.float32
  if (values instanceof Int32Array) return elementTypes.int32
  if (values instanceof BigInt64Array) return elementTypes.int64
  if (values instanceof Int8Array) return elementTypes.int8
  if (values instanceof Uint16Array) return elementTypes.float16
  return elementTypes.bool
}

const writePort: Write<Port> = (port, writer) => {
  writer.writeStringField(1, port.name)
  writer.writeMessage(2, writeType, port)
}

const writeType: Write<Port> = (port, writer) => writer.writeMessage(1, writeTensorType, port)

const writeTensorType: Write<Port> = ({ dtype, shape }, writer) => {
  writer.writeVarintField(1, elementTypes[dtype])
  writer.writeMessage(2, writeShape, shape)
}

const writeShape: Write<Port['shape']> = (shape, writer: PbfWriter) =>
  writeAll(writer, 1, { all: shape, write: writeSide })

const writeSide: Write<number | string> = (side, writer) => {
  if (typeof side === 'number') writer.writeVarintField(1, side)
  else writer.writeStringField(2, side)
}
