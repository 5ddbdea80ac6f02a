import type { LayersModel } from '@tensorflow/tfjs-layers'
import { codecs } from '../codecs/codecs.js'
import { unlessUnfit } from '../codecs/unfit-values.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import type { RefusedType } from './narrowest-result.js'
import {
  bytesOfFiles,
  type StoredModel,
  type StoreOptions,
  storeAsStock,
  storeInContainer,
} from './stored-model.js'

/** A model in a type that can hold it. */
export interface Candidate<T extends ValueType> {
  readonly type: T
  readonly bytes: number
  readonly stored: StoredModel
}

/** The model in each type: those that can hold it, the smallest first, and the others. */
export interface Candidates<T extends ValueType> {
  readonly candidates: readonly Candidate<T>[]
  readonly refused: readonly RefusedType<T>[]
}

/** Stores a model in memory as each of the types. */
export async function storeTypes<T extends ValueType>(
  model: LayersModel,
  types: readonly T[],
  options: StoreOptions & { readonly signal: AbortSignal | undefined },
): Promise<Candidates<T>> {
  const candidates: Candidate<T>[] = []
  const refused: RefusedType<T>[] = []
  for (const type of new Set(types)) {
    options.signal?.throwIfAborted()
    const outcome = await unlessUnfit(() => store(model, type, options))
    if ('value' in outcome) {
      const stored = outcome.value
      candidates.push({ type, bytes: bytesOfFiles(stored), stored })
    } else refused.push({ type, ...outcome })
  }
  candidates.sort((a, b) => a.bytes - b.bytes)
  return { candidates, refused }
}

function store(model: LayersModel, type: ValueType, options: StoreOptions): Promise<StoredModel> {
  return isCompressed(type)
    ? storeInContainer(model, type, options)
    : storeAsStock(model, type, options)
}

/** Whether the container has the type: it is preferred to a stock file. */
function isCompressed(type: ValueType): type is CompressedType {
  return Object.hasOwn(codecs, type)
}
