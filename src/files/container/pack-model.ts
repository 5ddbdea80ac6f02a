import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { stripMasks } from '../../layers/strip-masks.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { channelLayout } from '../codecs/channel-layout.js'
import { checkFit } from '../codecs/check-fit.js'
import { codecs } from '../codecs/codecs.js'
import { artifactsOf } from '../model/artifacts-of.js'
import { elementBytes, elementsIn, isElementType } from '../model/elements.js'
import { narrowedWeights, type SavedWeight, savedWeights } from '../model/saved-weights.js'
import { type CompressedType, lossless } from '../model/value-type.js'
import { encodeWeight, type WeightToStore } from './encode-weight.js'
import { type ModelParts, mostAxes, partsOf, type WeightEntry } from './header.js'
import { writeContainer } from './write-container.js'

/** Options of {@link packModel}. */
export interface PackOptions {
  readonly type: CompressedType
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  /** The task of the caller, for messages. */
  readonly task: string
}

/** A weight in the container. */
export interface PackedWeight extends Omit<WeightEntry, 'name'> {
  /** Layer path and role. */
  readonly name: string
  readonly size: number
  /** Whether it is stored in the type that was asked for. */
  readonly narrowed: boolean
}

/** A model as a container. */
export interface PackedModel {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** In the model's order. */
  readonly weights: readonly PackedWeight[]
  /** The parts of the model that are no weights. */
  readonly parts: ModelParts
}

/** Writes a model as a container; the model is not changed. Throws before anything is encoded. */
export async function packModel(model: LayersModel, options: PackOptions): Promise<PackedModel> {
  const { mask, select, task, type: asked } = options
  if (mask !== undefined) checkMask(model, mask)
  const masks = new Map(mask?.weights.map((weight) => [weight.name, weight.values]))
  const plain = stripMasks(model)
  try {
    const saved = savedWeights(plain, task)
    const narrowed = new Set(narrowedWeights(saved, select))
    const artifacts = await artifactsOf(plain)
    const weights = weightsToStore(artifacts, saved, task).map((weight, i) => {
      const { name } = saved[i]!
      const type = narrowed.has(saved[i]!) ? asked : lossless
      const pruned = masks.get(name)
      if (weight.dtype === 'float32')
        checkFit(weight.values, codecs[type], { task, name, type, mask: pruned })
      return { ...weight, type, ...(pruned && { mask: pruned }) }
    })
    const encoded = []
    for (const weight of weights) encoded.push(await encodeWeight(weight))
    const parts = partsOf(artifacts)
    const packed = encoded.map(({ entry }, i) => {
      const { name, size } = saved[i]!
      return { ...entry, name, size, narrowed: narrowed.has(saved[i]!) }
    })
    return { bytes: await writeContainer(parts, encoded, task), weights: packed, parts }
  } finally {
    plain.dispose()
  }
}

function weightsToStore(
  artifacts: io.ModelArtifacts,
  saved: readonly SavedWeight[],
  task: string,
): Omit<WeightToStore, 'type'>[] {
  const data = new io.CompositeArrayBuffer(artifacts.weightData!)
  let offset = 0
  return artifacts.weightSpecs!.map(({ name, shape, dtype }, i) => {
    if (!isElementType(dtype)) {
      throw new TypeError(
        `Cannot ${task}: expected float32, int32 or bool for ${name}, got ${dtype}`,
      )
    }
    if (shape.length > mostAxes) {
      const got = shape.length
      throw new TypeError(
        `Cannot ${task}: expected at most ${mostAxes} axes for ${name}, got ${got}`,
      )
    }
    const end = offset + saved[i]!.size * elementBytes(dtype)
    const values = elementsIn(data.slice(offset, end), dtype)
    offset = end
    return { name, shape, dtype, values, channels: channelLayout(saved[i]!) }
  })
}
