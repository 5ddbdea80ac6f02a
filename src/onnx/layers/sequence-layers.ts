import { bidirectionalWriters } from './bidirectional.js'
import { convLstmWriters } from './conv-lstm.js'
import { dotWriters } from './dot.js'
import { embeddingWriters } from './embedding.js'
import { layerNormalizationWriters } from './layer-normalization.js'
import type { LayerWriter } from './layer-writer.js'
import { maskingWriters } from './masking.js'
import { preprocessingWriters } from './preprocessing.js'
import { recurrentWriters } from './recurrent.js'
import { repeatVectorWriters } from './repeat-vector.js'

/** Layers of sequences, and those before a network. */
export const sequenceWriters: Readonly<Record<string, LayerWriter>> = {
  ...recurrentWriters,
  ...bidirectionalWriters,
  ...convLstmWriters,
  ...embeddingWriters,
  ...maskingWriters,
  ...repeatVectorWriters,
  ...layerNormalizationWriters,
  ...dotWriters,
  ...preprocessingWriters,
}
