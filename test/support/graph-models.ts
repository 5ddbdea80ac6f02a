import { GraphModel } from '@tensorflow/tfjs-converter'
import { io, type Tensor, tensor, util } from '@tensorflow/tfjs-core'
import { randomStream } from '../../src/internal/random.js'

type Dtype = io.WeightsManifestEntry['dtype']

/** A weight of a graph that a test makes. */
export interface MadeWeight {
  readonly shape: number[]
  readonly dtype?: Dtype
  readonly values: readonly number[] | readonly string[]
  /** Stores float32 values as these codes. */
  readonly quantization?: { dtype: 'uint8' | 'uint16'; scale: number; min: number }
}

/** A node of a graph that a test makes. */
export interface MadeNode {
  readonly name: string
  readonly op: string
  readonly input?: string[]
  readonly attr?: Record<string, unknown>
}

/** Seeded values around 0. */
export const around = (size: number, seed: number) => {
  const { uniform } = randomStream(seed)
  return Array.from({ length: size }, () => Math.fround(uniform() - 0.5))
}

/** A float32 weight of seeded values. */
export const floats = (shape: number[], seed: number): MadeWeight => ({
  shape,
  values: around(util.sizeFromShape(shape), seed),
})

/** An int32 weight. */
export const whole = (shape: number[], values: number[]): MadeWeight => ({
  shape,
  values,
  dtype: 'int32',
})

const TYPES: Record<string, string> = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  bool: 'DT_BOOL',
  string: 'DT_STRING',
}

/** Artifacts of a graph model: a constant for each weight, and the other nodes. */
export async function graphArtifacts(
  weights: Readonly<Record<string, MadeWeight>>,
  nodes: readonly MadeNode[],
  more: Partial<io.ModelArtifacts> = {},
): Promise<io.ModelArtifacts> {
  const specs: io.WeightsManifestEntry[] = []
  const data: Uint8Array[] = []
  for (const [name, weight] of Object.entries(weights)) {
    const { spec, bytes } = await stored(name, weight)
    specs.push(spec)
    data.push(bytes)
  }
  const constants = specs.map(({ name, dtype }) => ({
    name,
    op: 'Const',
    attr: { dtype: { type: TYPES[dtype] }, value: { tensor: { dtype: TYPES[dtype] } } },
  }))
  const weightData = Uint8Array.from(data.flatMap((bytes) => [...bytes])).buffer
  return {
    format: 'graph-model',
    generatedBy: 'a test',
    convertedBy: 'by hand',
    modelTopology: { node: [...constants, ...nodes], versions: { producer: 1 } },
    weightSpecs: specs,
    weightData,
    ...more,
  }
}

async function stored(
  name: string,
  { shape, dtype = 'float32', values, quantization }: MadeWeight,
) {
  if (quantization) {
    const type = quantization.dtype === 'uint8' ? Uint8Array : Uint16Array
    const codes = type.from(values as readonly number[])
    return { spec: { name, shape, dtype, quantization }, bytes: new Uint8Array(codes.buffer) }
  }
  const one = tensor([...values] as number[], shape, dtype as 'float32')
  const { data } = await io.encodeWeights({ [name]: one })
  one.dispose()
  return { spec: { name, shape, dtype }, bytes: new Uint8Array(data) }
}

/** Loads a graph model with tfjs-converter. */
export async function loadGraph(source: io.ModelArtifacts | io.IOHandler): Promise<GraphModel> {
  const load = 'load' in source ? source.load : async () => source as io.ModelArtifacts
  const model = new GraphModel({ load: load as () => Promise<io.ModelArtifacts> })
  await model.load()
  return model
}

/** The attribute of a placeholder of float32 of a shape. */
export const placeholder = (name: string, shape: readonly number[]): MadeNode => ({
  name,
  op: 'Placeholder',
  attr: {
    dtype: { type: 'DT_FLOAT' },
    shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } },
  },
})

const float = { T: { type: 'DT_FLOAT' } }
const ints = { type: 'DT_INT32' }
const windowed = {
  ...float,
  strides: { list: { i: ['1', '1', '1', '1'] } },
  padding: { s: btoa('SAME') },
  data_format: { s: btoa('NHWC') },
  dilations: { list: { i: ['1', '1', '1', '1'] } },
}
const flag = (b: boolean) => ({ b })

/** The inputs of {@link mixedGraph}: one image of 4 x 4 x 3. */
export const mixedInput = () => tensor(around(48, 7), [1, 4, 4, 3])

/**
 * A graph of many operations: convolution, depthwise, transposed and Conv1D, products with both
 * flags, a table, constants of all dtypes, texts; its outputs are named in another order than they
 * stand in.
 */
export function mixedGraph(): Promise<io.ModelArtifacts> {
  const weights: Record<string, MadeWeight> = {
    conv: floats([3, 3, 3, 4], 1),
    deep: floats([3, 3, 4, 2], 2),
    up: floats([2, 2, 5, 8], 3),
    upShape: whole([4], [1, 8, 8, 5]),
    gain: floats([1, 1, 1, 5], 4),
    flat: whole([3], [1, 64, 5]),
    axis: whole([], [0]),
    line: floats([3, 5, 6], 5),
    back: whole([2], [1, 384]),
    left: floats([384, 7], 6),
    right: floats([3, 7], 8),
    table: floats([9, 3], 9),
    rows: whole([2], [8, 1]),
    all: whole([4], [0, 1, 2, 3]),
    zero: whole([], [0]),
    words: { shape: [2], dtype: 'string', values: ['cat', 'ein Hündchen'] },
    open: { shape: [2], dtype: 'bool', values: [1, 0] },
    few: {
      shape: [3, 3],
      values: [0, 255, 128, 7, 7, 9, 200, 1, 64],
      quantization: { dtype: 'uint8', scale: 0.01, min: -1.28 },
    },
  }
  const first = { ...windowed, strides: { list: { i: ['1', '2', '2', '1'] } } }
  const nodes: MadeNode[] = [
    placeholder('image', [1, 4, 4, 3]),
    { name: 'c', op: 'Conv2D', input: ['image', 'conv'], attr: windowed },
    { name: 'd', op: 'DepthwiseConv2dNative', input: ['c', 'deep'], attr: windowed },
    { name: 'u', op: 'Conv2DBackpropInput', input: ['upShape', 'up', 'd'], attr: first },
    { name: 'g', op: 'Mul', input: ['u', 'gain'], attr: float },
    { name: 'r', op: 'Reshape', input: ['g', 'flat'], attr: float },
    { name: 'e', op: 'ExpandDims', input: ['line', 'axis'], attr: float },
    { name: 'x', op: 'ExpandDims', input: ['r', 'axis'], attr: float },
    { name: 'l', op: 'Conv2D', input: ['x', 'e'], attr: windowed },
    { name: 'b', op: 'Reshape', input: ['l', 'back'], attr: float },
    { name: 'm', op: 'MatMul', input: ['b', 'left'], attr: { ...float, transpose_b: flag(false) } },
    { name: 'n', op: 'MatMul', input: ['m', 'right'], attr: { ...float, transpose_b: flag(true) } },
    { name: 'q', op: 'MatMul', input: ['n', 'few'], attr: float },
    // 0 of an image of values below 1: the places are rows.
    {
      name: 'most',
      op: 'Max',
      input: ['image', 'all'],
      attr: { ...float, keep_dims: flag(false) },
    },
    { name: 'none', op: 'Cast', input: ['most'], attr: { SrcT: float.T, DstT: ints } },
    { name: 'places', op: 'AddV2', input: ['rows', 'none'], attr: { T: ints } },
    {
      name: 't',
      op: 'GatherV2',
      input: ['table', 'places', 'zero'],
      attr: { ...float, batch_dims: { i: '0' } },
    },
    { name: 'Identity', op: 'Identity', input: ['q'], attr: float },
    { name: 'Identity_1', op: 'Identity', input: ['t'], attr: float },
    { name: 'Identity_2', op: 'Identity', input: ['words'], attr: { T: { type: 'DT_STRING' } } },
    { name: 'Identity_3', op: 'Identity', input: ['open'], attr: { T: { type: 'DT_BOOL' } } },
  ]
  const output = (name: string) => ({ name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: {} })
  return graphArtifacts(weights, nodes, {
    signature: {
      inputs: { picture: { name: 'image:0', dtype: 'DT_FLOAT', tensorShape: { dim: [] } } },
      outputs: {
        rows: output('Identity_1'),
        names: output('Identity_2'),
        logits: output('Identity'),
        flags: output('Identity_3'),
      },
    },
    userDefinedMetadata: { classes: ['yes', 'no', 'perhaps'] },
    initializerSignature: { outputs: {} },
    trainingConfig: { loss: 'mse', metrics: [], optimizer_config: {} } as never,
  })
}

/** Names and values of all outputs of a graph, in their order. */
export function outputsOf(model: GraphModel, inputs: Tensor): unknown[] {
  const made = [model.execute(inputs)].flat()
  const values = made.map((one) => ({ shape: one.shape, values: [...one.dataSync()] }))
  for (const one of made) one.dispose()
  return [model.outputNodes, model.outputs.map(({ name }) => name), ...values]
}
