import type { io } from '@tensorflow/tfjs-core'
import type { Elements } from '../model/elements.js'
import { narrowedWeights } from '../model/narrowed-weights.js'
import type { OpenedModel, QuantisedWeight, SavedWeight } from '../model/opened-model.js'
import { finish, inPortions, type Work } from '../model/work.js'
import type { WriteOptions } from '../model/write-options.js'

/** The bits of -0. */
const NEGATIVE_ZERO = 0x8000_0000

/** A weight as stock tfjs saves it. */
export interface PlainWeight {
  readonly saved: SavedWeight
  readonly values: Elements
  /** As the source has it, in fewer bits; left out where a mask prunes some of it. */
  readonly quantised: QuantisedWeight | undefined
  /** Whether it is to be stored in fewer bits. */
  readonly narrowed: boolean
}

/** What stock tfjs saves of a model, nothing in fewer bits than it came in. */
export interface PlainModel {
  /** All but the weights. */
  readonly parts: io.ModelArtifacts
  /** In the model's order. */
  readonly weights: readonly PlainWeight[]
}

/** Reads a model without masking layers: what the mask prunes, and each -0, is +0. */
export async function readPlain(
  model: OpenedModel,
  { select, turn }: WriteOptions,
): Promise<PlainModel> {
  const masks = new Map(model.mask?.weights.map((weight) => [weight.name, weight.values]))
  await turn()
  const narrowed = new Set(narrowedWeights(model.weights, select))
  const weights: PlainWeight[] = []
  for (const saved of model.weights) {
    const mask = masks.get(saved.name)
    const values = await finish(plainValues(await model.valuesOf(saved), mask), turn)
    const quantised = mask?.includes(0) ? undefined : model.quantised(saved)
    weights.push({ saved, values, quantised, narrowed: narrowed.has(saved) })
  }
  return { parts: model.parts, weights }
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
