import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import {
  atLeast,
  branch,
  constant,
  countDown,
  equals,
  get,
  increase,
  minus,
  plus,
  repeat,
  set,
  times,
} from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// The parameters are those of Gemm and GemmPlaces in engine.ts, in bytes.
// After them: counters, pointers, then one pointer per row.
const [rows, outer, middle, inner, a, rowStep, outerStep] = [0, 1, 2, 3, 4, 5, 6] as const
const [middleStep, innerStep, b, bStep, c, cStep, accumulate] = [7, 8, 9, 10, 11, 12, 13] as const
const [iOuter, iMiddle, iInner, aOuter, aMiddle, bRow, aRow] = [14, 15, 16, 17, 18, 19, 20] as const
const tallest = 4
const sums = aRow + tallest

const each = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, i) => code(i)).flat()

/**
 * c[0..height) = or += the products of a tile, summed in registers; then a and c go on to the next
 * rows.
 */
function tile(height: number, width: number, { load, spread, store, add, multiply }: Lanes): Code {
  const sum = (row: number, column: number) => sums + row * width + column
  const operand = (column: number) => sums + tallest * width + column
  const factor = sums + (tallest + 1) * width
  const zero = factor + 1

  const product = [
    ...each(width, (column) => [...get(bRow), ...load(column * 16), ...set(operand(column))]),
    ...each(height, (row) => [
      ...[
        ...get(aRow + row),
        ...spread(0),
        ...set(factor),
        ...increase(aRow + row, get(innerStep)),
      ],
      ...each(width, (column) => [
        ...[...get(sum(row, column)), ...get(factor), ...get(operand(column)), ...multiply, ...add],
        ...set(sum(row, column)),
      ]),
    ]),
    ...increase(bRow, get(bStep)),
  ]
  const write = (addOld: (offset: number) => Code) =>
    each(height, (row) => [
      ...each(width, (column) => [
        ...get(c),
        ...get(sum(row, column)),
        ...addOld(column * 16),
        ...store(column * 16),
      ]),
      ...increase(c, get(cStep)),
    ])
  return [
    ...each(height * width, (index) => [...get(zero), ...set(sums + index)]),
    ...[...get(a), ...set(aOuter), ...get(b), ...set(bRow), ...get(outer), ...set(iOuter)],
    ...countDown(iOuter, [
      ...[...get(aOuter), ...set(aMiddle), ...get(middle), ...set(iMiddle)],
      ...countDown(iMiddle, [
        ...[...get(aMiddle), ...set(aRow)],
        ...each(height - 1, (row) => [
          ...get(aRow + row),
          ...get(rowStep),
          ...plus,
          ...set(aRow + row + 1),
        ]),
        ...[...get(inner), ...set(iInner)],
        ...countDown(iInner, product),
        ...increase(aMiddle, get(middleStep)),
      ]),
      ...increase(aOuter, get(outerStep)),
    ]),
    ...branch(
      get(accumulate),
      write((at) => [...get(c), ...load(at), ...add]),
      write(() => []),
    ),
    ...increase(a, [...get(rowStep), ...constant(height), ...times]),
    ...[...get(rows), ...constant(height), ...minus, ...set(rows)],
  ]
}

/**
 * All rows of some columns: tiles of the greatest height, and lower ones at the end. With tiles of
 * 4 rows, 5 rows are left as 3 and 2.
 */
function panel(
  name: string,
  { width, heights, lanes }: { width: number; heights: 2 | 4; lanes: Lanes },
): WasmFunction {
  const left = (count: number): Code => [...get(rows), ...constant(count), ...equals]
  const height = (count: number) => tile(count, width, lanes)
  const few = branch(left(1), height(1), height(2))
  const many = branch(left(3), height(3), branch(left(5), height(3), height(4)))
  const body = heights === 2 ? few : branch([...constant(2), ...get(rows), ...atLeast], few, many)
  return {
    name,
    parameters: 14,
    locals: [
      [sums - 14, i32],
      [(tallest + 1) * width + 2, lanes.type],
    ],
    body: repeat([...body, ...get(rows)]),
  }
}

export const panels: readonly WasmFunction[] = [
  panel('panel16', { width: 4, heights: 2, lanes: four }),
  panel('panel8', { width: 2, heights: 4, lanes: four }),
  panel('panel4', { width: 1, heights: 4, lanes: four }),
  panel('panel1', { width: 1, heights: 4, lanes: one }),
]
