import { type Code, i32, v128, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set, times } from '../../../internal/instructions.js'
import { four, shuffle } from '../../../internal/lanes.js'

// Blocks of 4 rows and of 4 columns, then the places and lengths of the rows of the matrix and of
// its transpose, in bytes.
const [tall, wide, from, to, fromStep, toStep] = [0, 1, 2, 3, 4, 5] as const
const [iColumn, source, target, at] = [6, 7, 8, 9] as const
const [r0, r1, r2, r3, t0, t1, t2, t3] = [10, 11, 12, 13, 14, 15, 16, 17] as const

const merge = (a: number, b: number, lanes: readonly [number, number, number, number]): Code => [
  ...get(a),
  ...get(b),
  ...shuffle(...lanes),
]
const [low, high, first, second] = [
  [0, 4, 1, 5],
  [2, 6, 3, 7],
  [0, 1, 4, 5],
  [2, 3, 6, 7],
] as const

const block: Code = [
  ...[...get(source), ...set(at)],
  ...[r0, r1, r2, r3].flatMap((row) => [
    ...get(at),
    ...four.load(0),
    ...set(row),
    ...increase(at, get(fromStep)),
  ]),
  ...[...merge(r0, r1, low), ...set(t0), ...merge(r2, r3, low), ...set(t1)],
  ...[...merge(r0, r1, high), ...set(t2), ...merge(r2, r3, high), ...set(t3)],
  ...[...get(target), ...set(at)],
  ...[
    merge(t0, t1, first),
    merge(t0, t1, second),
    merge(t2, t3, first),
    merge(t2, t3, second),
  ].flatMap((column) => [
    ...[...get(at), ...column, ...four.store(0), ...increase(at, get(toStep))],
  ]),
]

/** Writes blocks of 4 by 4 floats of a matrix as `[columns, rows]`. */
export const transposeBlocks: WasmFunction = {
  name: 'transpose',
  parameters: 6,
  locals: [
    [4, i32],
    [8, v128],
  ],
  body: countDown(tall, [
    ...[...get(from), ...set(source), ...get(to), ...set(target), ...get(wide), ...set(iColumn)],
    ...countDown(iColumn, [
      ...block,
      ...increase(source, constant(16)),
      ...increase(target, [...get(toStep), ...constant(4), ...times]),
    ]),
    ...increase(from, [...get(fromStep), ...constant(4), ...times]),
    ...increase(to, constant(16)),
  ]),
}
