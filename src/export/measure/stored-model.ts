import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { compressedHandler } from '../compressed-handler.js'
import { packModel } from '../container/pack-model.js'
import { bytesOfWeight } from '../files/model-json.js'
import { modelJson } from '../files/save-files.js'
import type { StockDtype } from '../quantise-artifacts.js'
import { saveQuantised } from '../save-quantised.js'
import { savedWeights } from '../saved-weights.js'
import { strip } from '../strip.js'
import type { ValueType } from '../values/value-type.js'

/** What to store of a model. */
export interface StoreOptions {
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  readonly task: string
}

/** A weight in a file. */
export interface StoredWeight {
  /** Layer path and role. */
  readonly name: string
  /** What it takes, its share of the header not counted. */
  readonly bytes: number
}

/** A model as the files that hold it, in memory. */
export interface StoredModel {
  readonly files: readonly Uint8Array<ArrayBuffer>[]
  /** In the order of the file. */
  readonly weights: readonly StoredWeight[]
  /** What loading the files gives. */
  readonly load: () => Promise<io.ModelArtifacts>
}

/** Sum of the lengths of the files. */
export function bytesOfFiles({ files }: StoredModel): number {
  return files.reduce((sum, { length }) => sum + length, 0)
}

/** A model as the container of `saveCompressed`: one file. */
export async function storeInContainer(
  model: LayersModel,
  values: ValueType,
  options: StoreOptions,
): Promise<StoredModel> {
  const { bytes, weights: packed } = await packModel(model, { ...options, values })
  const weights = packed.map(({ name, positionBytes, valueBytes }) => ({ name, bytes: positionBytes + valueBytes }))
  const load = () => compressedHandler(bytes, { maximumBytes: Number.MAX_SAFE_INTEGER }).load!()
  return { files: [bytes], weights, load }
}

/** A model as the `model.json` and weights of stock tfjs, as `saveQuantised` writes them: two files. */
export async function storeAsStock(
  model: LayersModel,
  values: 'float32' | StockDtype,
  { mask, select, task }: StoreOptions,
): Promise<StoredModel> {
  let artifacts: io.ModelArtifacts = {}
  const handler = io.withSaveHandler(async (saved) => {
    artifacts = saved
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
  })
  const plain = strip(model, mask)
  try {
    if (values === 'float32') await plain.save(handler)
    else await saveQuantised(plain, handler, { dtype: values, ...(select !== undefined && { select }) })
    const saved = savedWeights(plain, task)
    const weights = artifacts.weightSpecs!.map((spec, i) => ({ name: saved[i]!.name, bytes: bytesOfWeight(spec) }))
    // The name of the weights file has as many letters as that of a saved one.
    const json = new TextEncoder().encode(modelJson(artifacts, 'weights-0000000000000000.bin'))
    const data = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData))
    return { files: [json, data], weights, load: async () => artifacts }
  } finally {
    plain.dispose()
  }
}
