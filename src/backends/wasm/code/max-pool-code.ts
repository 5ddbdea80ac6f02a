import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import {
  constant,
  countDown,
  get,
  increase,
  minus,
  plus,
  set,
} from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// The parameters are those of MaxPool and MaxPoolPlaces in engine.ts, in bytes, with the channels
// in groups of lanes.
const [windows, groups, height, width, x, y, dy, dx] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const [rowStep, columnStep, xStep, yStep] = [8, 9, 10, 11] as const
const [iGroup, iRow, iColumn, row, at, maximum, gradient, taken, hit] = [
  12, 13, 14, 15, 16, 17, 18, 19, 20,
] as const

/** Adds dy to dx at the first place of each window where x is the maximum y. */
function maxPool(
  name: string,
  { count, type, maskType, load, store, add, same, without, or, where }: Lanes,
): WasmFunction {
  const inDx = [...get(at), ...get(dx), ...plus] // dx lies at a fixed distance from x
  const element: Code = [
    ...[...get(at), ...load(0), ...get(maximum), ...same, ...get(taken), ...without, ...set(hit)],
    ...[...get(taken), ...get(hit), ...or, ...set(taken)],
    ...[...inDx, ...inDx, ...load(0), ...where(get(gradient), get(hit)), ...add, ...store(0)],
    ...increase(at, get(columnStep)),
  ]
  const window: Code = [
    ...[...get(y), ...load(0), ...set(maximum), ...get(dy), ...load(0), ...set(gradient)],
    ...[...get(taken), ...get(taken), ...without, ...set(taken)],
    ...[...get(x), ...set(row), ...get(height), ...set(iRow)],
    ...countDown(iRow, [
      ...[...get(row), ...set(at), ...get(width), ...set(iColumn)],
      ...countDown(iColumn, element),
      ...increase(row, get(rowStep)),
    ]),
    ...[x, y, dy].flatMap((pointer) => increase(pointer, constant(count * 4))),
  ]
  const body = [
    ...[...get(dx), ...get(x), ...minus, ...set(dx)],
    ...countDown(windows, [
      ...[...get(groups), ...set(iGroup), ...countDown(iGroup, window)],
      ...[...increase(x, get(xStep)), ...increase(y, get(yStep)), ...increase(dy, get(yStep))],
    ]),
  ]
  const locals = [[5, i32] as const, [2, type] as const, [2, maskType] as const]
  return { name, parameters: 12, locals, body }
}

export const maxPools: readonly WasmFunction[] = [
  maxPool('maxPool4', four),
  maxPool('maxPool1', one),
]
