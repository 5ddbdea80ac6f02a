import { codecs } from '../codecs/codecs.js'
import { unlessUnfit } from '../codecs/unfit-values.js'
import type { OpenedModel } from '../model/opened-model.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import type { WriteOptions } from '../model/write-options.js'
import type { RefusedType } from './narrowest-result.js'
import {
  bytesOfFiles,
  containerOf,
  type ModelStore,
  modelStore,
  type StoredModel,
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
  model: OpenedModel,
  types: readonly T[],
  options: WriteOptions & { readonly onStored: (count: number) => void },
): Promise<Candidates<T>> {
  const store = modelStore(model, options)
  const candidates: Candidate<T>[] = []
  const refused: RefusedType<T>[] = []
  for (const type of new Set(types)) {
    await options.turn()
    const outcome = await unlessUnfit(() => storeAs(store, type))
    options.onStored(candidates.length + refused.length + 1)
    if ('value' in outcome) {
      const stored = outcome.value
      candidates.push({ type, bytes: bytesOfFiles(stored), stored })
    } else refused.push({ type, ...outcome })
  }
  candidates.sort((a, b) => a.bytes - b.bytes)
  return { candidates, refused }
}

async function storeAs(store: ModelStore, type: ValueType): Promise<StoredModel> {
  return isCompressed(type) ? containerOf(await store.pack(type)) : store.stock(type)
}

/** Whether the container has the type: it is preferred to a stock file. */
function isCompressed(type: ValueType): type is CompressedType {
  return Object.hasOwn(codecs, type)
}
