import { checkFit } from '../codecs/check-fit.js'
import { codecs } from '../codecs/codecs.js'
import type { OpenedModel } from '../model/opened-model.js'
import { type CompressedType, lossless } from '../model/value-type.js'
import { finish } from '../model/work.js'
import type { WriteOptions } from '../model/write-options.js'
import type { EncodedValues } from './encode-values.js'
import { encodeWeight } from './encode-weight.js'
import type { ModelParts, WeightEntry } from './header.js'
import { type ModelWeightToPack, type PlacedModel, placeModel } from './place-model.js'
import { shareSections } from './share-sections.js'
import { writeContainer } from './write-container.js'

/** Options of {@link packModel}. */
export interface PackOptions extends WriteOptions {
  readonly type: CompressedType
}

/** A weight in the container. */
export interface PackedWeight extends Omit<WeightEntry, 'name'> {
  /** Layer path and role. */
  readonly name: string
  readonly size: number
  /** Whether it is stored in the type that was asked for, or a shorter one that loses nothing. */
  readonly narrowed: boolean
}

/** A model as a container. */
export interface PackedModel {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** In the model's order. */
  readonly weights: readonly PackedWeight[]
  /** The parts of the model that are no weights. */
  readonly parts: ModelParts
  /** The values of each weight as they were written. */
  readonly values: readonly EncodedValues[]
}

/** Options of {@link packPlaced}. */
export interface PackPlacedOptions
  extends Pick<PackOptions, 'type' | 'task' | 'turn' | 'onElements'> {
  /** The values of each weight without loss, if they are known. */
  readonly exact?: readonly EncodedValues[] | undefined
}

/** Writes a model as a container; the model is not changed. */
export async function packModel(model: OpenedModel, options: PackOptions): Promise<PackedModel> {
  return packPlaced(await placeModel(model, options), options)
}

/** Writes a placed model as a container. Throws before anything is encoded. */
export async function packPlaced(
  { parts, weights }: PlacedModel,
  { type, task, turn, exact, onElements }: PackPlacedOptions,
): Promise<PackedModel> {
  for (const weight of weights) await finish(checkWeight(weight, typeOf(weight, type), task), turn)
  const all = []
  for (const [i, weight] of weights.entries()) {
    const options = { turn, exact: exact?.[i] }
    all.push(await encodeWeight(weight.placed, typeOf(weight, type), options))
    onElements?.(weight.saved.size)
  }
  const encoded = shareSections(all)
  const packed = encoded.map(({ entry }, i) => {
    const { saved, narrowed } = weights[i]!
    return { ...entry, name: saved.name, size: saved.size, narrowed }
  })
  const bytes = await writeContainer(parts, encoded, { task, turn })
  return { bytes, weights: packed, parts, values: encoded.map(({ values }) => values) }
}

/** The type that a weight is asked for in. */
function typeOf({ placed: { dtype }, narrowed }: ModelWeightToPack, type: CompressedType) {
  if (dtype !== 'float32') return dtype
  return narrowed ? type : lossless
}

function checkWeight(
  { placed, saved: { name } }: ModelWeightToPack,
  type: ReturnType<typeof typeOf>,
  task: string,
) {
  const { values, order } = placed.survivors
  return checkFit(values, codecs[type], { task, name, type, order })
}
