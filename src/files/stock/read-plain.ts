import type { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { stripMasks } from '../../layers/strip-masks.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import type { Elements } from '../model/elements.js'
import { artifactsWithoutWeights } from '../model/model-parts.js'
import { narrowedWeights, type SavedWeight, savedWeights } from '../model/saved-weights.js'
import { finish, inPortions, type Turn, type Work } from '../model/work.js'

/** Options of {@link readPlain}. */
export interface PlainOptions {
  readonly mask?: Mask | undefined
  readonly select?: Selector | undefined
  readonly task: string
  readonly turn: Turn
}

/** The bits of -0. */
const NEGATIVE_ZERO = 0x8000_0000

/** What stock tfjs saves of a model, nothing in fewer bits yet. */
export interface PlainModel {
  /** All but the weights. */
  readonly parts: io.ModelArtifacts
  /** In the model's order. */
  readonly values: readonly Elements[]
  readonly saved: readonly SavedWeight[]
  /** Those to store in fewer bits. */
  readonly narrowed: readonly SavedWeight[]
}

/** Reads a model without masking layers: what the mask prunes, and each -0, is +0. */
export async function readPlain(
  model: LayersModel,
  { mask, select, task, turn }: PlainOptions,
): Promise<PlainModel> {
  if (mask !== undefined) checkMask(model, mask)
  const masks = new Map(mask?.weights.map((weight) => [weight.name, weight.values]))
  const plain = stripMasks(model)
  try {
    await turn()
    const saved = savedWeights(plain, task)
    const narrowed = narrowedWeights(saved, select)
    const parts = await artifactsWithoutWeights(plain)
    const values: Elements[] = []
    for (const [i, { name }] of saved.entries()) {
      const data = (await plain.weights[i]!.read().data()) as Elements
      values.push(await finish(plainValues(data, masks.get(name)), turn))
    }
    return { parts, saved, narrowed, values }
  } finally {
    plain.dispose()
  }
}

/** A copy with +0 where float32 values are pruned or -0. */
function* plainValues(values: Elements, mask: Uint8Array | undefined): Work<Elements> {
  if (!(values instanceof Float32Array)) return values
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const plain = new Uint32Array(values.length)
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++)
      plain[i] = bits[i] === NEGATIVE_ZERO || mask?.[i] === 0 ? 0 : bits[i]!
  })
  return new Float32Array(plain.buffer)
}
