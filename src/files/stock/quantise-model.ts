import type { io } from '@tensorflow/tfjs-core'
import { bytesOf, joined } from '../codecs/bytes.js'
import { checkFit } from '../codecs/check-fit.js'
import { lossless, type QuantisedType } from '../model/value-type.js'
import { finish, type Turn } from '../model/work.js'
import type { PlainModel } from './read-plain.js'
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
 * The artifacts of a model with its narrowed weights in fewer bits. Throws for values that do not
 * fit.
 */
export async function quantiseModel(
  { parts, values, saved, narrowed }: PlainModel,
  { type, task, turn, onElements }: QuantiseOptions,
): Promise<io.ModelArtifacts> {
  const weightSpecs: io.WeightsManifestEntry[] = []
  const data: Uint8Array[] = []
  for (const [i, weight] of saved.entries()) {
    const { name, savedName, shape, size } = weight
    const dtype = weight.dtype as io.WeightsManifestEntry['dtype']
    const spec = { name: savedName, shape: [...shape], dtype }
    if (type === lossless || !narrowed.includes(weight)) {
      weightSpecs.push(spec)
      data.push(bytesOf(values[i]!))
    } else {
      const codec = stockCodecs[type]
      const floats = values[i] as Float32Array
      await finish(checkFit(floats, codec, { task, name, type }), turn)
      const { bytes, ...line } = await finish(codec.encode(floats), turn)
      weightSpecs.push({ ...spec, quantization: { dtype: type, ...line } })
      data.push(new Uint8Array(bytes))
    }
    onElements?.(size)
  }
  return { ...parts, weightData: (await finish(joined(data), turn)).buffer, weightSpecs }
}
