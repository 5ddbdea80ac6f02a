import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import { io, type Tensor } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  compressedHandler,
  narrowest,
  saveCompressed,
  saveQuantised,
  sizeReport,
} from '../../src/files/index.js'
import { pruneWeights } from '../../src/index.js'
import {
  around,
  floats,
  graphArtifacts,
  loadGraph,
  mixedGraph,
  mixedInput,
  outputsOf,
  placeholder,
} from '../support/graph-models.js'
import { collecting } from './collecting.js'

let artifacts: io.ModelArtifacts
let model: GraphModel
let input: Tensor

beforeAll(async () => {
  artifacts = await mixedGraph()
  model = await loadGraph(artifacts)
  input = mixedInput()
})

afterAll(() => {
  model.dispose()
  input.dispose()
})

/** The container of a source, and the lines about its weights. */
async function compressed(
  source: Parameters<typeof saveCompressed>[0],
  options: Parameters<typeof saveCompressed>[2] = {},
) {
  let file = new Uint8Array()
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  const { weights } = await saveCompressed(source, take, options)
  return { file, weights }
}

const sources = {
  'a GraphModel': () => model,
  'a handler': () => io.fromMemory(artifacts),
  artifacts: () => artifacts,
  'artifacts of a stream': () => {
    const { weightData, ...others } = artifacts
    const chunks = [(weightData as ArrayBuffer).slice(0, 7), (weightData as ArrayBuffer).slice(7)]
    return { ...others, getWeightStream: () => new Blob(chunks).stream() as never }
  },
}

test.each(Object.keys(sources))(
  'saveCompressed keeps outputs, their order and their names of %s',
  async (kind) => {
    const { file } = await compressed(sources[kind as keyof typeof sources]())
    const loaded = await loadGraphModel(compressedHandler(file))
    expect(outputsOf(loaded, input)).toEqual(outputsOf(model, input))
    loaded.dispose()
  },
)

test('saveCompressed carries all parts of a graph that are no weights', async () => {
  const { file } = await compressed(model)
  const { weightData: _, weightSpecs, ...parts } = await compressedHandler(file).load!()
  const { weightData: __, weightSpecs: specs, ...wanted } = artifacts
  expect(parts).toEqual(JSON.parse(JSON.stringify(wanted)))
  expect(weightSpecs).toEqual(specs!.map(({ name, shape, dtype }) => ({ name, shape, dtype })))
})

test('saveCompressed narrows the weights that an operation multiplies with, and no others', async () => {
  const { weights } = await compressed(model, { type: 'int8' })
  const types = Object.fromEntries(weights.map(({ name, type }) => [name, type]))
  expect(types).toMatchObject({ conv: 'int8', deep: 'int8', up: 'int8', line: 'int8' })
  expect(types).toMatchObject({ left: 'int8', gain: 'float32' })
  for (const name of ['flat', 'axis', 'words', 'open']) expect(types[name]).toBeUndefined()
})

test('saveCompressed refuses a selector of nothing but constants', async () => {
  await expect(compressed(model, { type: 'int8', select: 'gain' })).rejects.toThrow(
    'expected select to name one of conv, deep, up, line, left, right, table, few, got gain',
  )
})

/** Largest error of a weight, as a share of the largest value of each place on an axis. */
async function errorsAlong(name: string, axis: number): Promise<number> {
  const scaled = await mixedGraph()
  const { shape } = scaled.weightSpecs!.find((spec) => spec.name === name)!
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const channel = (i: number) => Math.floor(i / inner) % shape[axis]!
  const size = shape.reduce((a, b) => a * b, 1)
  // Each channel is far smaller than the one before.
  const values = Float32Array.from(around(size, 3), (value, i) => value / 5 ** channel(i))
  let at = 0
  for (const spec of scaled.weightSpecs!) {
    if (spec.name === name) break
    at += await bytesOf(scaled, spec.name)
  }
  new Uint8Array(scaled.weightData as ArrayBuffer).set(new Uint8Array(values.buffer), at)
  const { file } = await compressed(scaled, { type: 'int8' })
  const loaded = await loadGraph(compressedHandler(file))
  const read = loaded.weights[name]![0]!.dataSync()
  loaded.dispose()
  const largest = Array.from({ length: shape[axis]! }, (_, place) =>
    Math.max(...values.map((value, i) => (channel(i) === place ? Math.abs(value) : 0))),
  )
  const errors = [...values].map((value, i) => Math.abs(value - read[i]!) / largest[channel(i)]!)
  return Math.max(...errors)
}

async function bytesOf({ weightSpecs, weightData }: io.ModelArtifacts, name: string) {
  const all = io.decodeWeights(weightData!, weightSpecs!)
  const { dtype, size } = all[name]!
  for (const one of Object.values(all)) one.dispose()
  if (dtype === 'string' || weightSpecs!.find((spec) => spec.name === name)!.quantization)
    throw new Error('not asked for')
  return size * (dtype === 'bool' ? 1 : 4)
}

describe('saveCompressed has a step for each output channel in int8 of a graph', () => {
  test.each([
    ['Conv2D', 'conv', 3],
    ['Conv2DBackpropInput', 'up', 2],
    ['Conv1D by ExpandDims', 'line', 2],
    ['MatMul', 'left', 1],
    ['MatMul with transpose_b', 'right', 0],
    ['GatherV2', 'table', 1],
  ] as const)('of %s', async (_, name, axis) => {
    // 2^(1/16) / 254, and the rounding to float32.
    expect(await errorsAlong(name, axis)).toBeLessThan(0.00412)
  })

  test('saveCompressed has one for each input and multiple of DepthwiseConv2dNative', async () => {
    expect(await errorsAlong('deep', 2)).toBeLessThan(0.00412)
    expect(await errorsAlong('deep', 3)).toBeLessThan(0.00412)
  })
})

test('saveQuantised writes a graph that stock tfjs loads, its texts and constants as they are', async () => {
  const handler = collecting()
  await saveQuantised(model, handler, { type: 'uint8' })
  const specs = handler.artifacts.weightSpecs!
  const quantised = specs.filter(({ quantization }) => quantization).map(({ name }) => name)
  expect(quantised).toEqual(['conv', 'deep', 'up', 'line', 'left', 'right', 'table', 'few'])
  const loaded = await loadGraphModel(handler)
  const [, , rows, names] = outputsOf(loaded, input)
  const [, , wantedRows, wantedNames] = outputsOf(model, input)
  expect(names).toEqual(wantedNames)
  expect((rows as { shape: number[] }).shape).toEqual((wantedRows as { shape: number[] }).shape)
  const range = Math.max(...around(27, 9).map(Math.abs)) * 2
  for (const [i, value] of (rows as { values: number[] }).values.entries())
    expect(Math.abs(value - (wantedRows as { values: number[] }).values[i]!)).toBeLessThan(
      range / 500,
    )
  loaded.dispose()
})

test('saveQuantised leaves a weight as it is that the source holds in as few bits', async () => {
  const handler = collecting()
  await saveQuantised(artifacts, handler, { type: 'uint16' })
  const find = (all: io.ModelArtifacts) => all.weightSpecs!.find(({ name }) => name === 'few')!
  expect(find(handler.artifacts)).toEqual(find(artifacts))
})

test('sizeReport measures a graph in all forms', async () => {
  const report = await sizeReport(artifacts)
  expect(report.files.map(({ type }) => type)).toContain('codebook4')
  const stock = report.files.find(({ file, type }) => file === 'stock' && type === 'float32')!
  const { weightData, weightSpecs, ...others } = artifacts
  const manifest = [{ paths: ['weights-0000000000000000.bin'], weights: weightSpecs }]
  const json = new TextEncoder().encode(JSON.stringify({ ...others, weightsManifest: manifest }))
  expect(stock.bytes).toBe(json.length + (weightData as ArrayBuffer).byteLength)
})

test('saveCompressed and saveQuantised of a graph leave no tensors behind', async () => {
  await expect(async () => {
    await compressed(artifacts, { type: 'int8' })
    await saveQuantised(model, collecting(), { type: 'float16' })
  }).toLeaveNoTensors()
})

test.each(['a GraphModel', 'a handler', 'artifacts'] as const)(
  'narrowest finds the smallest file within the budget of %s',
  async (kind) => {
    const wanted = model.weights.left![0]!.dataSync()
    const seen: unknown[] = []
    const evaluate = (one: GraphModel | io.ModelArtifacts) => {
      seen.push(one)
      const isGraph = 'execute' in one
      const all = isGraph ? {} : io.decodeWeights(one.weightData!, one.weightSpecs!)
      const left = isGraph ? one.weights.left![0]! : (all as Record<string, Tensor>).left!
      const off = left.dataSync().some((value, i) => Math.abs(value - wanted[i]!) > 0.003)
      for (const made of Object.values(all)) (made as Tensor).dispose()
      const confusion = { truePositives: 9, falsePositives: 0, trueNegatives: 5 }
      const rates = { falseNegativeRate: 0.1, falsePositiveRate: 0, accuracy: 1, auc: 1, loss: 0 }
      return {
        ...rates,
        positiveClass: 1,
        confusion: { ...confusion, falseNegatives: off ? 2 : 1 },
      }
    }
    const source = sources[kind]() as io.ModelArtifacts
    const types = ['codebook4', 'int8', 'float32'] as const
    const found = await narrowest(source, { budget: 1, evaluate, types })
    expect(found.table.map(({ type, feasible }) => [type, feasible])).toEqual([
      ['codebook4', false],
      ['int8', true],
    ])
    expect(found.type).toBe('int8')
    expect(seen).toHaveLength(3)
    if (kind === 'a GraphModel') expect(seen[0]).toBe(model)
  },
)

test('narrowest hands weights of a last buffer that is longer than the others over as they are', async () => {
  const bytes = io.CompositeArrayBuffer.join(artifacts.weightData)
  const weightData = [bytes.slice(0, 8), bytes.slice(8)]
  const seen: number[][] = []
  const evaluate = (one: io.ModelArtifacts) => {
    const all = io.decodeWeights(one.weightData!, one.weightSpecs!)
    seen.push([...all.left!.dataSync()])
    for (const made of Object.values(all)) made.dispose()
    const confusion = { truePositives: 9, falsePositives: 0, trueNegatives: 5, falseNegatives: 0 }
    const rates = { falseNegativeRate: 0, falsePositiveRate: 0, accuracy: 1, auc: 1, loss: 0 }
    return { ...rates, positiveClass: 1, confusion }
  }
  await narrowest({ ...artifacts, weightData }, { budget: 0, evaluate, types: ['float32'] })
  const wanted = [...model.weights.left![0]!.dataSync()]
  expect(seen).toEqual([wanted, wanted])
})

describe('saveCompressed, given a kernel that occurs again far behind', () => {
  const kernel = floats([100, 100], 1)
  const float = { T: { type: 'DT_FLOAT' } }
  const repeated = () =>
    graphArtifacts({ first: kernel, between: floats([200, 100], 2), again: kernel }, [
      placeholder('x', [1, 100]),
      { name: 'y', op: 'MatMul', input: ['x', 'first'], attr: float },
      { name: 'z', op: 'MatMul', input: ['y', 'again'], attr: float },
      {
        name: 'out',
        op: 'MatMul',
        input: ['z', 'between'],
        attr: { ...float, transpose_b: { b: true } },
      },
    ])

  test.each(['float32', 'int8', 'codebook4'] as const)(
    'saveCompressed stores it once, as %s',
    async (type) => {
      const source = await repeated()
      const { file, weights } = await compressed(source, { type })
      const [first, between, again] = weights
      expect(again).toEqual({ name: 'again', type, bytes: 0 })
      const spread = { ...source, weightData: (source.weightData as ArrayBuffer).slice(0) }
      const last = new Float32Array(spread.weightData as ArrayBuffer)
      last[last.length - 1] = 0.125
      const other = await compressed(spread, { type })
      expect(other.weights[2]!.bytes).toBeGreaterThan(0)
      expect(other.file.length - file.length).toBeGreaterThan(first!.bytes - 100)
      expect(file.length).toBeGreaterThan(first!.bytes + between!.bytes)

      const loaded = await loadGraph(compressedHandler(file))
      const [one, two] = ['first', 'again'].map((name) => loaded.weights[name]![0]!.dataSync())
      expect(two).toEqual(one)
      if (type === 'float32') expect([...two!]).toEqual(kernel.values)
      loaded.dispose()
    },
  )

  test('sizeReport counts its bytes once', async () => {
    const { weights } = await sizeReport(await repeated())
    expect(weights.map(({ container }) => container.int8! > 0)).toEqual([true, true, false])
  })
})

test('saveCompressed and saveQuantised apply the mask of pruneWeights to the graph that it is of', async () => {
  const { artifacts: pruned, mask } = await pruneWeights(artifacts, { density: 0.2 })
  for (const type of ['float32', 'codebook5'] as const) {
    const own = await compressed(pruned, { type })
    expect(Buffer.compare((await compressed(model, { type, mask })).file, own.file)).toBe(0)
  }
  const [some, others] = [collecting(), collecting()]
  await saveQuantised(pruned, some, { type: 'uint8' })
  await saveQuantised(artifacts, others, { type: 'uint8', mask })
  const wanted = await loadGraph(some)
  const got = await loadGraph(others)
  for (const name of ['conv', 'left', 'right', 'table'])
    expect(got.weights[name]![0]!.dataSync()).toEqual(wanted.weights[name]![0]!.dataSync())
  wanted.dispose()
  got.dispose()
  const other = { ...mask, weights: mask.weights.map((weight) => ({ ...weight, name: 'none' })) }
  await expect(compressed(model, { mask: other })).rejects.toThrow(
    'Cannot use the mask: expected the weight none in the model, got conv, deep',
  )
})
