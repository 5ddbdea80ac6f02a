import type { Codec } from './codec.js'
import { plain } from './plain.js'

/** Numbers of 4 bytes, as they are, NaN and infinity too. */
export const float32: Codec = plain('float32', 4)
