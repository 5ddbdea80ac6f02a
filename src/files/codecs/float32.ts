import { codebookFor, mostCentres } from './codebook.js'
import type { Codec, Encoder } from './codec.js'
import { exactCodebook } from './exact-codebook.js'
import { plain, plainEncoder } from './plain.js'

/** Numbers of 4 bytes, as they are, NaN and infinity too. */
export const float32: Codec = plain('float32', 4)

/** Where few values differ, a codebook that has them all may be shorter. */
export const float32Encoder: Encoder<Float32Array> = {
  ...plainEncoder,
  instead: (values) => {
    const exact = exactCodebook(values, mostCentres)
    return exact && codebookFor(exact.centres.length)
  },
}
