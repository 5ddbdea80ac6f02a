import { io } from '@tensorflow/tfjs-core'
import { bytesOfWeight } from '../../artifacts/bytes-of-weight.js'
import { compressedHandler } from '../compressed-handler.js'
import type { EncodedValues } from '../container/encode-values.js'
import { LARGEST_HEADER, sectionBytes } from '../container/header.js'
import { type PackedModel, packPlaced } from '../container/pack-model.js'
import { type PlacedModel, placeModel } from '../container/place-model.js'
import { modelJson } from '../disk/save-files.js'
import type { OpenedModel } from '../model/opened-model.js'
import { type CompressedType, lossless } from '../model/value-type.js'
import type { WriteOptions } from '../model/write-options.js'
import { quantiseModel, type StockType } from '../stock/quantise-model.js'
import { type PlainModel, readPlain } from '../stock/read-plain.js'

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

/** Stores one model as many types. */
export interface ModelStore {
  /** As the container of `saveCompressed`. */
  readonly pack: (type: CompressedType) => Promise<PackedModel>
  /** As the `model.json` and weights of stock tfjs, as `saveQuantised` writes them: two files. */
  readonly stock: (type: StockType) => Promise<StoredModel>
}

/**
 * Stores a model as types that are asked for one by one. The model is read once for all containers,
 * and once for all stock files; the places of the survivors and the values without loss are
 * written once.
 */
export function modelStore(model: OpenedModel, options: WriteOptions): ModelStore {
  const { task, turn, onElements } = options
  let placed: PlacedModel | undefined
  let plain: PlainModel | undefined
  let exact: readonly EncodedValues[] | undefined
  const pack = async (type: CompressedType) => {
    placed ??= await placeModel(model, { ...options, onElements: undefined })
    return packPlaced(placed, { type, task, turn, exact, onElements })
  }
  return {
    pack: async (type) => {
      exact ??= (await pack(lossless)).values
      return pack(type)
    },
    stock: async (type) => {
      plain ??= await readPlain(model, options)
      return storeAsStock(plain, type, options)
    },
  }
}

/** A container that is packed already. */
export function containerOf({ bytes, weights: packed }: PackedModel): StoredModel {
  const weights = packed.map((weight) => ({ name: weight.name, bytes: sectionBytes(weight) }))
  const limits = { maximumBytes: Number.MAX_SAFE_INTEGER, maximumHeaderBytes: LARGEST_HEADER }
  const load = () => compressedHandler(bytes, limits).load!()
  return { files: [bytes], weights, load }
}

async function storeAsStock(
  plain: PlainModel,
  type: StockType,
  options: WriteOptions,
): Promise<StoredModel> {
  const artifacts = await quantiseModel(plain, { type, ...options })
  const weights = artifacts.weightSpecs!.map((spec, i) => ({
    name: plain.weights[i]!.saved.name,
    bytes: spec.dtype === 'string' ? plain.weights[i]!.saved.size : bytesOfWeight(spec),
  }))
  // The name of the weights file has as many letters as that of a saved one.
  const json = new TextEncoder().encode(modelJson(artifacts, 'weights-0000000000000000.bin'))
  const data = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData))
  return { files: [json, data], weights, load: async () => artifacts }
}
