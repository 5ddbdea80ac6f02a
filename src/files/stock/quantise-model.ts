import type { io } from '@tensorflow/tfjs-core'
import { bytesOf, joined } from '../codecs/bytes.js'
import { checkFit } from '../codecs/check-fit.js'
import type { QuantisedWeight } from '../model/opened-model.js'
import { lossless, type QuantisedType } from '../model/value-type.js'
import { finish, type Turn } from '../model/work.js'
import type { PlainModel, PlainWeight } from './read-plain.js'
import { stockCodecs } from './stock-codecs.js'

/** A type of a stock file: a quantised one, or float32 as `model.save` writes it. */
export type StockType = QuantisedType | typeof lossless

/** How a model is quantised. */
export interface QuantiseOptions {
  readonly type: StockType
  readonly task: string
  readonly turn: Turn
  /** Is told the elements of each weight that is done. */
  readonly onElements?: ((count: number) => void) | undefined
}

/**
 * The artifacts of a model with its narrowed weights in fewer bits. A weight that is in as few bits
 * already, or is not narrowed, stays as it is. Throws for values that do not fit.
 */
export async function quantiseModel(
  { parts, weights }: PlainModel,
  options: QuantiseOptions,
): Promise<io.ModelArtifacts> {
  const weightSpecs: io.WeightsManifestEntry[] = []
  const data: Uint8Array[] = []
  for (const weight of weights) {
    const { spec, bytes } = await storedAs(weight, options)
    weightSpecs.push(spec)
    data.push(new Uint8Array(bytes))
    options.onElements?.(weight.saved.size)
  }
  const weightData = (await finish(joined(data), options.turn)).buffer
  return { ...parts, weightData, weightSpecs }
}

async function storedAs(
  { saved, values, quantised, narrowed }: PlainWeight,
  { type, task, turn }: QuantiseOptions,
): Promise<QuantisedWeight | { spec: io.WeightsManifestEntry; bytes: Uint8Array }> {
  const asked = narrowed ? type : lossless
  if (quantised && bitsOf(quantised.spec.quantization!.dtype) <= bitsOf(asked)) return quantised
  const { name, savedName, shape } = saved
  const dtype = saved.dtype as io.WeightsManifestEntry['dtype']
  const spec = { name: savedName, shape: [...shape], dtype }
  if (asked === lossless) return { spec, bytes: bytesOf(values) }
  const codec = stockCodecs[asked]
  const floats = values as Float32Array
  await finish(checkFit(floats, codec, { task, name, type: asked }), turn)
  const { bytes, ...line } = await finish(codec.encode(floats), turn)
  return { spec: { ...spec, quantization: { dtype: asked, ...line } }, bytes }
}

function bitsOf(type: StockType): number {
  return type === lossless ? 32 : stockCodecs[type].bits
}
