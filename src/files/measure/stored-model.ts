import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { compressedHandler } from '../compressed-handler.js'
import { LARGEST_HEADER } from '../container/header.js'
import { type PackedModel, packModel } from '../container/pack-model.js'
import { modelJson } from '../disk/save-files.js'
import { artifactsOf } from '../model/artifacts-of.js'
import { narrowedWeights, savedWeights } from '../model/saved-weights.js'
import { type CompressedType, lossless, type QuantisedType } from '../model/value-type.js'
import { bytesOfWeight } from '../stock/bytes-of-weight.js'
import { quantiseArtifacts } from '../stock/quantise-artifacts.js'
import { strip } from '../strip.js'

/** A type of a stock file: a quantised one, or float32 as `model.save` writes it. */
export type StockType = QuantisedType | typeof lossless

/** Options of storing a model. */
export interface StoreOptions {
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  readonly task: string
}

/** A weight in a file. */
export interface StoredWeight {
  /** Layer path and role. */
  readonly name: string
  /** Its bytes, without its share of the header. */
  readonly bytes: number
}

/** A model as the files that hold it, in memory. */
export interface StoredModel {
  readonly files: readonly Uint8Array<ArrayBuffer>[]
  /** In the order of the file. */
  readonly weights: readonly StoredWeight[]
  /** Loads the files. */
  readonly load: () => Promise<io.ModelArtifacts>
}

/** Sum of the lengths of the files. */
export function bytesOfFiles({ files }: StoredModel): number {
  return files.reduce((sum, { length }) => sum + length, 0)
}

/** A model as the container of `saveCompressed`: one file. */
export async function storeInContainer(
  model: LayersModel,
  type: CompressedType,
  options: StoreOptions,
): Promise<StoredModel> {
  return containerOf(await packModel(model, { ...options, type }))
}

/** A container that is packed already. */
export function containerOf({ bytes, weights: packed }: PackedModel): StoredModel {
  const weights = packed.map(({ name, positionBytes, valueBytes }) => ({
    name,
    bytes: positionBytes + valueBytes,
  }))
  const limits = { maximumBytes: Number.MAX_SAFE_INTEGER, maximumHeaderBytes: LARGEST_HEADER }
  const load = () => compressedHandler(bytes, limits).load!()
  return { files: [bytes], weights, load }
}

/**
 * A model as the `model.json` and weights of stock tfjs, as `saveQuantised` writes them: two files.
 */
export async function storeAsStock(
  model: LayersModel,
  type: StockType,
  { mask, select, task }: StoreOptions,
): Promise<StoredModel> {
  const plain = strip(model, mask ? { mask } : {})
  try {
    const saved = savedWeights(plain, task)
    const exact = await artifactsOf(plain)
    const narrowed = narrowedWeights(saved, select)
    const artifacts =
      type === lossless ? exact : quantiseArtifacts(exact, { type, weights: narrowed, task })
    const weights = artifacts.weightSpecs!.map((spec, i) => ({
      name: saved[i]!.name,
      bytes: bytesOfWeight(spec),
    }))
    // The name of the weights file has as many letters as that of a saved one.
    const json = new TextEncoder().encode(modelJson(artifacts, 'weights-0000000000000000.bin'))
    const data = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData))
    return { files: [json, data], weights, load: async () => artifacts }
  } finally {
    plain.dispose()
  }
}
