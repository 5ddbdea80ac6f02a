import { lossless } from '../model/value-type.js'
import type { Work } from '../model/work.js'
import { codebookWithAll } from './codebook.js'
import type { StoredType, Survivors } from './codec.js'
import { halfWithAll } from './float16.js'

/**
 * The types that give these values back to the bit, for float32; none for others, which have no
 * choice.
 */
export function* exactTypes({ values }: Survivors): Work<StoredType[]> {
  if (!(values instanceof Float32Array) || values.length === 0) return []
  const [codebook, half] = [yield* codebookWithAll(values), yield* halfWithAll(values)]
  return [...(codebook ? [codebook] : []), ...(half ? [half] : []), lossless]
}
