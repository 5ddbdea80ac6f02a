import {
  atLeast,
  branch,
  type Code,
  constant,
  countDown,
  equals,
  four,
  get,
  i32,
  increase,
  type Lanes,
  minus,
  one,
  plus,
  repeat,
  set,
  times,
  type WasmFunction,
} from './assembler.js'

// The parameters are those of Gemm and GemmPlaces in engine.ts, in bytes. After them: counters, pointers, then one pointer per row.
const [rows, outer, middle, inner, a, rowStep, outerStep] = [0, 1, 2, 3, 4, 5, 6] as const
const [middleStep, innerStep, b, bStep, c, cStep] = [7, 8, 9, 10, 11, 12] as const
const [iOuter, iMiddle, iInner, aOuter, aMiddle, bRow, aRow] = [13, 14, 15, 16, 17, 18, 19] as const
const tallest = 4
const sums = aRow + tallest

const each = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, i) => code(i)).flat()

/** c[0..height) += the products of a tile, summed in registers; then a and c go on to the next rows. */
function tile(height: number, width: number, { load, spread, store, add, multiply }: Lanes): Code {
  const sum = (row: number, column: number) => sums + row * width + column
  const operand = (column: number) => sums + tallest * width + column
  const factor = sums + (tallest + 1) * width
  const zero = factor + 1

  const product = [
    ...each(width, (column) => [...get(bRow), ...load(column * 16), ...set(operand(column))]),
    ...each(height, (row) => [
      ...[...get(aRow + row), ...spread(0), ...set(factor), ...increase(aRow + row, get(innerStep))],
      ...each(width, (column) => [
        ...[...get(sum(row, column)), ...get(factor), ...get(operand(column)), ...multiply, ...add],
        ...set(sum(row, column)),
      ]),
    ]),
    ...increase(bRow, get(bStep)),
  ]
  return [
    ...each(height * width, (index) => [...get(zero), ...set(sums + index)]),
    ...[...get(a), ...set(aOuter), ...get(b), ...set(bRow), ...get(outer), ...set(iOuter)],
    ...countDown(iOuter, [
      ...[...get(aOuter), ...set(aMiddle), ...get(middle), ...set(iMiddle)],
      ...countDown(iMiddle, [
        ...[...get(aMiddle), ...set(aRow)],
        ...each(height - 1, (row) => [...get(aRow + row), ...get(rowStep), ...plus, ...set(aRow + row + 1)]),
        ...[...get(inner), ...set(iInner)],
        ...countDown(iInner, product),
        ...increase(aMiddle, get(middleStep)),
      ]),
      ...increase(aOuter, get(outerStep)),
    ]),
    ...each(height, (row) => [
      ...each(width, (column) => [
        ...[...get(c), ...get(c), ...load(column * 16), ...get(sum(row, column)), ...add, ...store(column * 16)],
      ]),
      ...increase(c, get(cStep)),
    ]),
    ...increase(a, [...get(rowStep), ...constant(height), ...times]),
    ...[...get(rows), ...constant(height), ...minus, ...set(rows)],
  ]
}

/** All rows of some columns: tiles of 4 rows, and at the end one of 3, 2 or 1, or of 3 and 2. */
function panel(name: string, width: number, lanes: Lanes): WasmFunction {
  const left = (count: number): Code => [...get(rows), ...constant(count), ...equals]
  const [t1, t2, t3, t4] = [1, 2, 3, 4].map((height) => tile(height, width, lanes)) as [Code, Code, Code, Code]
  const many = branch(left(5), t3, t4)
  const few = branch(left(3), t3, branch(left(2), t2, t1))
  return {
    name,
    parameters: 13,
    locals: [
      [sums - 13, i32],
      [(tallest + 1) * width + 2, lanes.type],
    ],
    body: repeat([...branch([...get(rows), ...constant(4), ...atLeast], many, few), ...get(rows)]),
  }
}

export const panels: readonly WasmFunction[] = [
  panel('panel8', 2, four),
  panel('panel4', 1, four),
  panel('panel1', 1, one),
]
