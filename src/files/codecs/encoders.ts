import { codebookEncoder } from './codebook.js'
import type { Encoder, StoredType } from './codec.js'
import { float16Encoder } from './float16.js'
import { int8Encoder } from './int8.js'
import { plainEncoder } from './plain.js'

/** The encoder of each type: a type without one does not compile. */
export const encoders: Readonly<Record<StoredType, Encoder>> = {
  codebook4: codebookEncoder(4),
  codebook5: codebookEncoder(5),
  codebook6: codebookEncoder(6),
  codebook7: codebookEncoder(7),
  int8: int8Encoder,
  codebook8: codebookEncoder(8),
  float16: float16Encoder,
  float32: plainEncoder,
  int32: plainEncoder,
  bool: plainEncoder,
  string: plainEncoder,
}
