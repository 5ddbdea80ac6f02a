import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { stripMasks } from '../../layers/strip-masks.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { artifactsOf } from '../artifacts-of.js'
import { narrowedWeights, type SavedWeight, savedWeights } from '../saved-weights.js'
import { UnfitValues } from '../unfit-values.js'
import { largestFloat16 } from '../values/float16.js'
import type { CompressedType } from '../values/value-type.js'
import { channelLayout } from './channel-layout.js'
import { encodeWeight, type WeightToStore } from './encode-weight.js'
import { type ModelParts, partsOf, type WeightEntry } from './header.js'
import { elementBytes } from './sizes.js'
import { writeContainer } from './write-container.js'

/** Options of {@link packModel}. */
export interface PackOptions {
  readonly type: CompressedType
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  /** What the caller does, for messages. */
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
      const type = narrowed.has(saved[i]!) ? asked : 'float32'
      const pruned = masks.get(name)
      checkValues({ ...weight, type }, { task, name, mask: pruned })
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
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new TypeError(
        `Cannot ${task}: expected float32, int32 or bool for ${name}, got ${dtype}`,
      )
    }
    const end = offset + saved[i]!.size * elementBytes(dtype)
    const View = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype]
    const values = new View(data.slice(offset, end))
    offset = end
    return { name, shape, dtype, values, channels: channelLayout(saved[i]!) }
  })
}

/**
 * Float32 holds anything; the other types hold finite values, float16 those up to its largest.
 * Pruned ones do not count.
 */
function checkValues(
  { dtype, type, values }: WeightToStore,
  { task, name, mask }: { task: string; name: string; mask: Uint8Array | undefined },
): void {
  if (dtype !== 'float32' || type === 'float32') return
  const most = type === 'float16' ? largestFloat16 : Number.MAX_VALUE
  const wrong = (values as Float32Array).findIndex(
    (value, i) => !(Math.abs(value) <= most) && mask?.[i] !== 0,
  )
  if (wrong < 0) return
  const wanted = type === 'float16' ? `values between -${most} and ${most}` : 'finite values'
  throw new UnfitValues(
    task,
    `expected ${wanted} in ${name} for ${type}, got ${values[wrong]} at ${wrong}`,
  )
}
