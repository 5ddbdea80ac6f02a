import { codebookFor, mostCentres } from './codebook.js'
import type { Codec } from './codec.js'
import { exactCodebook } from './exact-codebook.js'
import { plain } from './plain.js'

/**
 * Numbers of 4 bytes, as they are, NaN and infinity too. Where few of them differ, a codebook that
 * has them all may be shorter.
 */
export const float32: Codec<Float32Array> = {
  ...plain<Float32Array>('float32', 4),
  instead: (values) => {
    const exact = exactCodebook(values, mostCentres)
    return exact && codebookFor(exact.centres.length)
  },
}
