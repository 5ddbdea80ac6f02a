import { encodeInt8, stepSizes } from '../../files/codecs/channel-codes.js'
import { channelsOfOrder } from '../../files/codecs/channels-of-order.js'
import { checkFit } from '../../files/codecs/check-fit.js'
import { float16, halvesOf } from '../../files/codecs/float16.js'
import { int8 } from '../../files/codecs/int8.js'
import { finish, turnsUntil, type Work } from '../../files/model/work.js'
import { sizeOf } from '../../internal/size-of.js'
import { elementTypes } from '../graph/element-types.js'
import type { Attribute, Constant, Node, OnnxGraph } from '../graph/graph.js'
import { task } from '../graph/onnx-error.js'

/** Types in which kernels can be stored. */
export type StoredValues = 'float32' | 'float16' | 'int8'

/** A weight in fewer bits: its constants, and the node that makes float32 of them again. */
interface Stored {
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
}

type Store = (weight: Constant, values: Float32Array) => Work<Stored>

/**
 * Stores the constants that have an axis of output channels in fewer bits. A node of their old name
 * makes float32 of them again, so that the other nodes stay as they are.
 */
export async function storeValues(graph: OnnxGraph, type: StoredValues): Promise<OnnxGraph> {
  if (type === 'float32') return graph
  const turn = turnsUntil(undefined)
  const constants: Constant[] = []
  const nodes: Node[] = []
  for (const constant of graph.constants) {
    const stored = await finish(storeConstant(constant, type), turn)
    constants.push(...stored.constants)
    nodes.push(...stored.nodes)
  }
  return { ...graph, constants, nodes: [...nodes, ...graph.nodes] }
}

function* storeConstant(constant: Constant, type: 'float16' | 'int8'): Work<Stored> {
  const { name, values, channelAxis } = constant
  if (channelAxis === undefined || !(values instanceof Float32Array))
    return { constants: [constant], nodes: [] }
  const { store, range } = stores[type]
  yield* checkFit(values, range, { task, name, type })
  return yield* store(constant, values)
}

/** The nearest numbers of half precision. */
function* storeHalves({ name, shape }: Constant, values: Float32Array): Work<Stored> {
  const halves = { name: `${name}:float16`, shape, values: yield* halvesOf(values) }
  return {
    constants: [halves],
    nodes: [
      decoder(name, {
        op: 'Cast',
        from: [halves],
        attributes: { to: { int: elementTypes.float32 } },
      }),
    ],
  }
}

/** The bytes of a container, each times the step of its output channel. */
function* storeBytes(
  { name, shape, channelAxis = 0 }: Constant,
  values: Float32Array,
): Work<Stored> {
  const count = shape[channelAxis]!
  const layout = { stride: sizeOf(shape.slice(channelAxis + 1)), count }
  const channels = yield* channelsOfOrder(undefined, values.length, layout)
  const encoded = yield* encodeInt8(values, channels)
  const codes = { name: `${name}:int8`, shape, values: encoded.codes }
  const sizes = Float32Array.from(stepSizes(encoded))
  const steps = { name: `${name}:steps`, shape: [count], values: sizes }
  const attributes = { axis: { int: channelAxis } }
  return {
    constants: [codes, steps],
    nodes: [decoder(name, { op: 'DequantizeLinear', from: [codes, steps], attributes })],
  }
}

const stores: Record<'float16' | 'int8', { store: Store; range: typeof float16 }> = {
  float16: { store: storeHalves, range: float16 },
  int8: { store: storeBytes, range: int8 },
}

interface Decoder {
  readonly op: string
  readonly from: readonly Constant[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

function decoder(name: string, { op, from, attributes }: Decoder): Node {
  const inputs = from.map((constant) => constant.name)
  return { name: `${name}:${op}`, op, inputs, outputs: [name], attributes }
}
