import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { and, four, simd } from '../../../internal/lanes.js'

interface KeepLocals {
  readonly values: number
  readonly mask: number
  readonly out: number
  /** v128 */
  readonly bits: number
}

/**
 * Writes the 16 floats at `values` whose bytes at `mask` are 1, and 0 for those whose bytes are 0,
 * to `out`.
 */
const keepSixteen = ({ values, mask, out, bits }: KeepLocals): Code => {
  const negateBytes = simd(0x61) // of 0 and 1: no bit set, all bits set
  const spreadByte = (byte: number): Code => Array(4).fill(byte)
  const four16ths = (first: number): Code => [
    ...[...get(out), ...get(values), ...four.load(4 * first)],
    ...[
      ...get(bits),
      ...get(bits),
      ...simd(0x0d, ...[0, 1, 2, 3].flatMap((i) => spreadByte(first + i))),
    ],
    ...[...and, ...four.store(4 * first)],
  ]
  const load = [...get(mask), ...four.load(0), ...negateBytes, ...set(bits)]
  return [...load, ...four16ths(0), ...four16ths(4), ...four16ths(8), ...four16ths(12)]
}

const [groups, values, mask, out, bits] = [0, 1, 2, 3, 4] as const

/** out = the values where the mask is 1, 0 elsewhere: 16 floats and 16 bytes at a time. */
export const keepSixteens: WasmFunction = {
  name: 'keepSixteens',
  parameters: 4,
  locals: [[1, v128]],
  body: countDown(groups, [
    ...keepSixteen({ values, mask, out, bits }),
    ...increase(values, constant(64)),
    ...increase(mask, constant(16)),
    ...increase(out, constant(64)),
  ]),
}
