import type { LayersModel } from '@tensorflow/tfjs-layers'
import { stripMasks } from '../../layers/strip-masks.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { channelLayout } from '../codecs/channel-layout.js'
import { type Elements, isElementType } from '../model/elements.js'
import { artifactsWithoutWeights } from '../model/model-parts.js'
import { narrowedWeights, type SavedWeight, savedWeights } from '../model/saved-weights.js'
import { finish, type Turn } from '../model/work.js'
import { type PlacedWeight, placeWeight, type WeightToStore } from './encode-weight.js'
import { type ModelParts, mostAxes, partsOf } from './header.js'

/** Options of {@link placeModel}. */
export interface PlaceOptions {
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  /** The task of the caller, for messages. */
  readonly task: string
  readonly turn: Turn
  /** Is told the elements of each weight that is done. */
  readonly onElements?: ((count: number) => void) | undefined
}

/** A weight of a model, ready to be written as any type. */
export interface ModelWeightToPack {
  readonly placed: PlacedWeight
  readonly saved: SavedWeight
  /** Whether it is stored in the type that is asked for. */
  readonly narrowed: boolean
}

/** A model, ready to be written as a container of any type. */
export interface PlacedModel {
  readonly parts: ModelParts
  /** In the model's order. */
  readonly weights: readonly ModelWeightToPack[]
}

/** Reads a model and finds its survivors; the model is not changed. */
export async function placeModel(model: LayersModel, options: PlaceOptions): Promise<PlacedModel> {
  const { mask, select, task, turn, onElements } = options
  if (mask !== undefined) checkMask(model, mask)
  const masks = new Map(mask?.weights.map((weight) => [weight.name, weight.values]))
  const plain = stripMasks(model)
  try {
    await turn()
    const saved = savedWeights(plain, task)
    const narrowed = new Set(narrowedWeights(saved, select))
    const parts = partsOf(await artifactsWithoutWeights(plain))
    const weights: ModelWeightToPack[] = []
    for (const [i, one] of saved.entries()) {
      // The copy shares its values with the model, which gets new ones when it is trained.
      const values = (await plain.weights[i]!.read().data()) as Elements
      const weight = weightToStore(one, values, task)
      const placed = await finish(placeWeight({ ...weight, mask: masks.get(one.name) }), turn)
      weights.push({ placed, saved: one, narrowed: narrowed.has(one) })
      onElements?.(one.size)
    }
    return { parts, weights }
  } finally {
    plain.dispose()
  }
}

function weightToStore(saved: SavedWeight, values: Elements, task: string): WeightToStore {
  const { savedName: name, shape, dtype } = saved
  if (!isElementType(dtype)) {
    throw new TypeError(`Cannot ${task}: expected float32, int32 or bool for ${name}, got ${dtype}`)
  }
  if (shape.length > mostAxes) {
    const wanted = `at most ${mostAxes} axes for ${name}`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${shape.length}`)
  }
  return { name, shape, dtype, values, channels: channelLayout(saved) }
}
