import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { simd, storeLane } from '../../../internal/lanes.js'
import { type Arithmetic, arithmetics } from './arithmetic.js'

/** A value of the values of operands at one place, or a mask where `truth` is set. */
export interface Elementwise {
  readonly name: string
  readonly truth?: boolean
  readonly of: (lanes: Arithmetic, ...values: Code[]) => Code
}

// Rows, and columns in groups of lanes; the place of the outcome; what lies between the groups of
// one row and those of the next, in bytes. The places of the operands follow, and what lies between
// their rows.
const [rows, groups, out, outSkip, first] = [0, 1, 2, 3, 4] as const

/** Stores the lanes of a mask as bytes of 0 and 1. */
const storeTruth = ({ count }: Arithmetic, mask: Code): Code =>
  count === 1
    ? [...mask, 0x3a, 0, 0]
    : [
        ...[...mask, ...mask, ...simd(0x85)], // 8 numbers of 16 bits
        ...[...constant(0), ...simd(0x0f), ...simd(0x65)], // 16 of 8 bits
        ...[...constant(1), ...simd(0x0f), ...simd(0x4e), ...storeLane(0)],
      ]

/**
 * out[row, column] = of(the operands at [row, column]), for 4 columns at once and for one. `spread`
 * tells for each operand whether one of its values serves a whole row.
 */
export function elementwise(
  { truth = false, of }: Elementwise,
  spread: readonly boolean[],
): WasmFunction[] {
  const operands = spread.length
  const group = first + 2 * operands
  const each = (code: (place: number, row: number, skip: number, one: boolean) => Code): Code =>
    spread.flatMap((one, i) => code(first + i, group + 1 + i, first + operands + i, one))
  return arithmetics.map((lanes) => {
    const { count, type, load, store } = lanes
    const values = spread.map((one, i) =>
      one ? get(group + 1 + i) : [...get(first + i), ...load(0)],
    )
    const value = of(lanes, ...values)
    const stored = truth ? storeTruth(lanes, value) : [...value, ...store(0)]
    return {
      name: `elementwise${count}`,
      parameters: group,
      locals: [
        [1, i32],
        [operands, type],
      ],
      body: countDown(rows, [
        ...each((place, row, _, one) =>
          one ? [...get(place), ...lanes.spread(0), ...set(row)] : [],
        ),
        ...[...get(groups), ...set(group)],
        ...countDown(group, [
          ...[...get(out), ...stored],
          ...each((place, _row, _skip, one) => (one ? [] : increase(place, constant(count * 4)))),
          ...increase(out, constant(count * (truth ? 1 : 4))),
        ]),
        ...each((place, _, skip) => increase(place, get(skip))),
        ...increase(out, get(outSkip)),
      ]),
    }
  })
}
