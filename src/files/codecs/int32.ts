import type { Codec } from './codec.js'
import { plain } from './plain.js'

/** Whole numbers of 4 bytes, as they are. */
export const int32: Codec = plain('int32', 4)
