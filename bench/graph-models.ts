// Graph models from npm packages: bytes in every form beside gzip and Brotli of the stock files, and
// the largest difference of outputs. BASIC_PITCH=<folder of the package's model> adds that one,
// which is no dependency for its 268 MB. npm run bench graph-models
import { GraphModel } from '@tensorflow/tfjs-converter'
import { io, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { pruneWeights } from 'tfjs-prune'
import {
  type CompressedType,
  compressedHandler,
  fileHandler,
  saveCompressed,
  saveQuantised,
  sizeReport,
} from 'tfjs-prune/files'
import { startStockWasm } from '../examples/support/backend.js'
import { randomStream } from '../src/internal/random.js'
import { humanGraph, nsfwGraph } from '../test/real-models/graph-files.js'

const folder = process.env.BASIC_PITCH
const models: Readonly<Record<string, () => Promise<io.ModelArtifacts>>> = {
  'MobileNetV2Mid (nsfwjs)': nsfwGraph,
  'faceres (human)': humanGraph('faceres').load!,
  'emotion (human)': humanGraph('emotion').load!,
  'facemesh (human)': humanGraph('facemesh').load!,
  'movenet-lightning (human)': humanGraph('movenet-lightning').load!,
  ...(folder && { 'basic-pitch': fileHandler(folder).load! }),
}

/** Models that take colours from 0 to 255; the others take them from 0 to 1. */
const inBytes = ['faceres (human)', 'movenet-lightning (human)']

/** The outputs of a graph for seeded inputs from 0 to `range`. */
async function outputsOf(source: io.IOHandler, range: number): Promise<Float32Array[]> {
  const model = new GraphModel(source)
  await model.load()
  const inputs = model.inputs.map(({ shape = [], dtype }) => {
    const sides = shape.map((side) => Math.max(side, 1))
    const { uniform } = randomStream(1)
    const size = sides.reduce((product, side) => product * side, 1)
    return tensor(
      Array.from({ length: size }, () => range * uniform()),
      sides,
      dtype,
    )
  })
  const outputs = [model.execute(inputs)].flat() as Tensor[]
  const values = outputs.map((output) => Float32Array.from(output.dataSync()))
  for (const one of [...inputs, ...outputs]) one.dispose()
  model.dispose()
  return values
}

/** Largest difference of two lists of outputs, as a share of the largest value of each output. */
function difference(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  const shares = some.map((values, i) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const off = values.reduce(
      (most, value, k) => Math.max(most, Math.abs(value - others[i]![k]!)),
      0,
    )
    return off / (largest || 1)
  })
  return Math.max(...shares)
}

async function container(source: io.ModelArtifacts, type: CompressedType): Promise<Uint8Array> {
  let file = new Uint8Array()
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  await saveCompressed(source, take, { type })
  return file
}

async function quantised(source: io.ModelArtifacts): Promise<io.IOHandler> {
  let saved: io.ModelArtifacts = {}
  const handler = io.withSaveHandler(async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
  })
  await saveQuantised(source, handler, { type: 'uint8' })
  return io.fromMemory(saved)
}

const round = (value: number) => Number(value.toPrecision(2))
const kilobytes = (bytes: number) => Number((bytes / 1000).toPrecision(3))

/** Prints a line for each model. */
export async function run(): Promise<void> {
  await startStockWasm()
  for (const [model, load] of Object.entries(models)) {
    const source = await load()
    const range = inBytes.includes(model) ? 255 : 1
    const wanted = await outputsOf(io.fromMemory(source), range)
    const off = async (handler: io.IOHandler) =>
      round(difference(wanted, await outputsOf(handler, range)))
    const { parameters, files } = await sizeReport(source)
    const find = (file: string, type: string) =>
      files.find((row) => row.file === file && row.type === type)!
    const stock = find('stock', 'float32')
    const types = ['float32', 'int8', 'codebook5'] as const
    const forms = []
    for (const type of types) {
      const file = await container(source, type)
      const outputs = await off(compressedHandler(file))
      forms.push([type, { kB: kilobytes(file.length), difference: outputs }])
    }
    const { artifacts, report } = await pruneWeights(source, { density: 0.1 })
    const pruned = await container(artifacts, 'int8')
    const uint8 = find('stock', 'uint8')
    const line = {
      ...{ bench: 'graph-models', model, parameters, misses: report.misses },
      stock: kilobytes(stock.bytes),
      gzip: kilobytes(stock.gzip),
      brotli: kilobytes(stock.brotli ?? Number.NaN),
      ...Object.fromEntries(forms),
      uint8gzip: { kB: kilobytes(uint8.gzip), difference: await off(await quantised(source)) },
      int8OfTenth: kilobytes(pruned.length),
    }
    console.log(JSON.stringify(line))
  }
}
