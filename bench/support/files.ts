import { gzipSync } from 'node:zlib'
import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import type { Evaluate } from 'tfjs-prune'
import {
  type CompressedType,
  compressedHandler,
  saveCompressed,
  saveQuantised,
  strip,
} from 'tfjs-prune/files'
import { wrongShare } from './evaluations.js'

/** One way to store a model: what it takes, and what the loaded model does. */
export interface FileRow {
  readonly file: string
  readonly bytes: number
  readonly gzip: number
  /** Share of wrong predictions of the loaded model. */
  readonly error: number
}

const CONTAINERS: readonly CompressedType[] = [
  'float32',
  'float16',
  'int8',
  'codebook6',
  'codebook5',
  'codebook4',
]

/** Stores a model in every way, loads it back and measures it. */
export async function fileRows(model: LayersModel, evaluate: Evaluate): Promise<FileRow[]> {
  const stock = async (file: string, save: (handler: io.IOHandler) => Promise<unknown>) => {
    let artifacts: io.ModelArtifacts = {}
    const handler = io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    })
    await save(handler)
    return row(file, stockBytes(artifacts), { loader: io.fromMemory(artifacts), evaluate })
  }
  const plain = strip(model)
  const rows = [
    await stock('stock float32', (handler) => plain.save(handler)),
    await stock('stock uint8', (handler) => saveQuantised(model, handler, { type: 'uint8' })),
  ]
  plain.dispose()
  for (const type of CONTAINERS) {
    const bytes = await containerBytes(model, type)
    rows.push(await row(`container ${type}`, bytes, { loader: compressedHandler(bytes), evaluate }))
  }
  return rows
}

/** The container of a model. */
export async function containerBytes(
  model: LayersModel,
  type: CompressedType,
): Promise<Uint8Array> {
  let bytes = new Uint8Array()
  const take = (written: Uint8Array<ArrayBuffer>) => {
    bytes = written
  }
  await saveCompressed(model, take, { type })
  return bytes
}

/** model.json and weights side by side. */
function stockBytes({
  modelTopology,
  weightSpecs,
  weightData,
  userDefinedMetadata,
}: io.ModelArtifacts): Uint8Array {
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
  const json = JSON.stringify({
    format: 'layers-model',
    modelTopology,
    weightsManifest,
    userDefinedMetadata,
  })
  return Buffer.concat([
    Buffer.from(json),
    new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
  ])
}

interface Loading {
  readonly loader: io.IOHandler
  readonly evaluate: Evaluate
}

async function row(
  file: string,
  bytes: Uint8Array,
  { loader, evaluate }: Loading,
): Promise<FileRow> {
  const loaded = await loadLayersModel(loader)
  const error = wrongShare(await evaluate(loaded))
  loaded.dispose()
  return { file, bytes: bytes.length, gzip: gzipSync(bytes).length, error }
}
