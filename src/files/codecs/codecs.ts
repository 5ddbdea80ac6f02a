import type { CompressedType } from '../model/value-type.js'
import { bool } from './bool.js'
import { codebook } from './codebook.js'
import type { Codec, StoredType } from './codec.js'
import { float16 } from './float16.js'
import { float32 } from './float32.js'
import { int8 } from './int8.js'
import { int32 } from './int32.js'
import { text } from './text.js'

/** The codec of each type, small to large: a type without one does not compile. */
export const codecs: Readonly<Record<StoredType, Codec>> = {
  codebook4: codebook(4),
  codebook5: codebook(5),
  codebook6: codebook(6),
  codebook7: codebook(7),
  int8,
  codebook8: codebook(8),
  float16,
  float32,
  int32,
  bool,
  string: text,
}

/** The types for weights of float32, small to large. */
export const compressedTypes = (Object.keys(codecs) as StoredType[]).filter(
  (type): type is CompressedType => codecs[type].dtype === 'float32',
)
