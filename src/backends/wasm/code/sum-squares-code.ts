import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { and, four, shuffle, simd } from '../../../internal/lanes.js'
import { loadMask } from './load-mask.js'

const [groups, values, out, mask, squares, kept, sums] = [0, 1, 2, 3, 4, 5, 6] as const

// In doubles, as on the cpu backend: many floats would lose digits.
const addHalf = (half: Code): Code => [
  ...[...get(sums), ...half, ...simd(0x5f), ...simd(0xf0), ...set(sums)],
]
const doubleIn = (lane: number): Code => [...get(sums), ...simd(0x21, lane)]

/**
 * Writes the sum of the squares of groups of four floats; with a byte of a mask each, or without.
 */
export function sumSquaresCode(isMasked: boolean): WasmFunction {
  const load: Code = [...get(values), ...four.load(0)]
  const masked: Code = isMasked ? [...loadMask(mask, kept), ...load, ...get(kept), ...and] : load
  return {
    name: `sumSquares${Number(isMasked)}`,
    parameters: 4,
    locals: [[3, v128]],
    body: [
      ...countDown(groups, [
        ...[...masked, ...set(squares)],
        ...[...get(squares), ...get(squares), ...four.multiply, ...set(squares)],
        ...addHalf(get(squares)),
        ...addHalf([...get(squares), ...get(squares), ...shuffle(2, 3, 2, 3)]),
        ...increase(values, constant(16)),
        ...(isMasked ? increase(mask, constant(4)) : []),
      ]),
      // The double of both as a float.
      ...[...get(out), ...doubleIn(0), ...doubleIn(1), 0xa0, 0xb6, 0x38, 2, 0],
    ],
  }
}
