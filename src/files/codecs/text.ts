import { sizeOf } from '../../internal/size-of.js'
import { refusal } from '../model/refusal.js'
import { alignedCopy } from './bytes.js'
import type { Codec } from './codec.js'
import { plain } from './plain.js'

/** Bytes of the length in front of each text. */
const LENGTH = 4

/** Texts as tfjs stores them: bytes, those of each text after their number as uint32. */
export const text: Codec = {
  ...plain('string', 1),
  *decode({ body }, { name, shape }) {
    const count = sizeOf(shape)
    const view = new DataView(body.buffer, body.byteOffset, body.length)
    let [at, found] = [0, 0]
    while (found < count && at + LENGTH <= body.length) {
      at += LENGTH + view.getUint32(at, true)
      found++
    }
    if (found === count && at === body.length) return yield* alignedCopy(body)
    throw refusal(`${count} texts of ${body.length} bytes in ${name}`, `${found} of ${at}`)
  },
}
