import { channelLayout } from '../codecs/channel-layout.js'
import { type Elements, isElementType } from '../model/elements.js'
import { narrowedWeights } from '../model/narrowed-weights.js'
import type { OpenedModel, SavedWeight } from '../model/opened-model.js'
import { finish } from '../model/work.js'
import type { WriteOptions } from '../model/write-options.js'
import { type PlacedWeight, placeWeight, type WeightToStore } from './encode-weight.js'
import { type ModelParts, mostAxes, partsOf } from './header.js'

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
export async function placeModel(
  model: OpenedModel,
  { select, task, turn, onElements }: WriteOptions,
): Promise<PlacedModel> {
  const masks = new Map(model.mask?.weights.map((weight) => [weight.name, weight.values]))
  await turn()
  const narrowed = new Set(narrowedWeights(model.weights, select))
  const weights: ModelWeightToPack[] = []
  for (const saved of model.weights) {
    const weight = weightToStore(saved, await model.valuesOf(saved), task)
    const placed = await finish(placeWeight({ ...weight, mask: masks.get(saved.name) }), turn)
    weights.push({ placed, saved, narrowed: narrowed.has(saved) })
    onElements?.(saved.size)
  }
  return { parts: partsOf(model.parts), weights }
}

function weightToStore(saved: SavedWeight, values: Elements, task: string): WeightToStore {
  const { savedName: name, shape, dtype } = saved
  if (!isElementType(dtype)) {
    const wanted = `float32, int32, bool or string for ${name}`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${dtype}`)
  }
  if (shape.length > mostAxes) {
    const wanted = `at most ${mostAxes} axes for ${name}`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${shape.length}`)
  }
  return { name, shape, dtype, values, channels: channelLayout(saved) }
}
