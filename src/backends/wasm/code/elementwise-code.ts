import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { simd, storeLane } from '../../../internal/lanes.js'
import { type Arithmetic, arithmetics } from './arithmetic.js'

/** A value for each pair of values, or a mask where `truth` is set. */
export interface Pairwise {
  readonly name: string
  readonly truth?: boolean
  readonly of: (lanes: Arithmetic, a: Code, b: Code) => Code
}

/** Operands of which one value serves a whole row. */
export interface Spread {
  readonly a: boolean
  readonly b: boolean
}

// Rows, and columns in groups of lanes; places; what lies between the groups of one row and those
// of the next, in bytes.
const [rows, groups, a, b, out, aSkip, bSkip, outSkip] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const [iGroup, aRow, bRow] = [8, 9, 10] as const

/** Stores the lanes of a mask as bytes of 0 and 1. */
const storeTruth = ({ count }: Arithmetic, mask: Code): Code =>
  count === 1
    ? [...mask, 0x3a, 0, 0]
    : [
        ...[...mask, ...mask, ...simd(0x85)], // 8 numbers of 16 bits
        ...[...constant(0), ...simd(0x0f), ...simd(0x65)], // 16 of 8 bits
        ...[...constant(1), ...simd(0x0f), ...simd(0x4e), ...storeLane(0)],
      ]

/** out[row, column] = of(a[row, column], b[row, column]), for 4 columns at once and for one. */
export function elementwise({ truth = false, of }: Pairwise, spread: Spread): WasmFunction[] {
  return arithmetics.map((lanes) => {
    const { count, type, load, store } = lanes
    const valueAt = (pointer: number, row: number, one: boolean): Code =>
      one ? get(row) : [...get(pointer), ...load(0)]
    const startOf = (pointer: number, row: number, one: boolean): Code =>
      one ? [...get(pointer), ...lanes.spread(0), ...set(row)] : []
    const value = of(lanes, valueAt(a, aRow, spread.a), valueAt(b, bRow, spread.b))
    const stored = truth ? storeTruth(lanes, value) : [...value, ...store(0)]
    const step = (pointer: number, size: number) => increase(pointer, constant(count * size))
    return {
      name: `elementwise${count}`,
      parameters: 8,
      locals: [
        [1, i32],
        [2, type],
      ],
      body: countDown(rows, [
        ...[...startOf(a, aRow, spread.a), ...startOf(b, bRow, spread.b)],
        ...[...get(groups), ...set(iGroup)],
        ...countDown(iGroup, [
          ...[...get(out), ...stored],
          ...(spread.a ? [] : step(a, 4)),
          ...(spread.b ? [] : step(b, 4)),
          ...step(out, truth ? 1 : 4),
        ]),
        ...[...increase(a, get(aSkip)), ...increase(b, get(bSkip)), ...increase(out, get(outSkip))],
      ]),
    }
  })
}
