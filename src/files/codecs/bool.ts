import type { Codec } from './codec.js'
import { plain } from './plain.js'

/** Flags of a byte, as they are. */
export const bool: Codec = plain('bool', 1)
