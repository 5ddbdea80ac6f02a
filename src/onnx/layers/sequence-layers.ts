import type { LayerWriter } from './layer-writer.js'
import { recurrentWriters } from './recurrent.js'

/** Layers of sequences, and those that fit nowhere else. */
export const sequenceWriters: Readonly<Record<string, LayerWriter>> = {
  ...recurrentWriters,
}
