import type { Code } from '../../../internal/assembler.js'
import { get, set } from '../../../internal/instructions.js'
import { simd } from '../../../internal/lanes.js'

/** Four bytes of 0 and 1 at a pointer, as four lanes without a bit, or with all of them. */
export const loadMask = (pointer: number, local: number): Code => [
  ...[...get(pointer), ...simd(0x5c, 2, 0), ...simd(0x61), ...set(local)], // 4 bytes, negated
  ...[...get(local), ...get(local)],
  ...simd(0x0d, ...[0, 1, 2, 3].flatMap((byte) => Array<number>(4).fill(byte))),
  ...set(local),
]
