import type { Code, WasmFunction } from '../../../internal/assembler.js'
import { v128 } from '../../../internal/assembler.js'
import {
  above,
  branch,
  choose,
  constant,
  countDown,
  equals,
  get,
  increase,
  minus,
  plus,
  repeat,
  set,
  shiftLeft,
  tee,
  word,
} from '../../../internal/instructions.js'
import { four, storeLane } from '../../../internal/lanes.js'
import { blockLocals, blockParameters, eachBlock } from './blocks-code.js'
import { each, frame, upTo } from './frame.js'
import type { MultiplyAdd } from './product-code.js'

const denseFrame = frame(
  [...blockParameters, 'count', 'offsets', 'values', 'bias', 'bounds'],
  [
    ...blockLocals,
    ...(['left', 'groupValues', 'biasAt', 'out', 'turn', 'pairIn', 'pairOut'] as const),
    ...(['iEntry', 'offsetAt', 'valueAt', 'from', 'to', 'step'] as const),
  ],
)
const { at, next, toFunction } = denseFrame

/** Rows of a group. */
const height = 4
const sum = (row: number, column: number) => next + row * 2 + column
const operand = (column: number) => next + height * 2 + column
const factor = next + height * 2 + 2
const least = factor
const most = factor + 1

const { load, spread, store, raise, lower, number } = four

const open: Code = [...get(at.offsets), ...set(at.offsetAt), ...get(at.count), ...set(at.iEntry)]
const openBounds: Code = [
  ...[...get(at.bounds), ...spread(0), ...set(least)],
  ...[...get(at.bounds), ...spread(4), ...set(most)],
]
const cut = (local: number): Code => [
  ...lower(raise(get(local), get(least)), get(most)),
  ...set(local),
]

/** Code for the rows of a group that exist. */
const existing = (code: (row: number) => Code): Code => upTo(at.left, height, code)

/** Two vectors of each of 4 rows. */
function pair(multiplyAdd: MultiplyAdd): Code {
  const entry: Code = [
    ...[...get(at.pairIn), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from)],
    ...each(2, (column) => [...get(at.from), ...load(column * 16), ...set(operand(column))]),
    ...each(height, (row) => [
      ...[...get(at.valueAt), ...spread(row * 4), ...set(factor)],
      ...each(2, (column) => [
        ...multiplyAdd(get(sum(row, column)), get(factor), get(operand(column))),
        ...set(sum(row, column)),
      ]),
    ]),
    ...[...increase(at.offsetAt, constant(4)), ...increase(at.valueAt, constant(16))],
  ]
  const both = (code: (local: number, column: number) => Code) => (row: number) =>
    each(2, (column) => code(sum(row, column), column))
  return [
    ...branch(
      get(at.bias),
      each(height, (row) => [
        ...[...get(at.biasAt), ...spread(row * 4), ...set(sum(row, 0))],
        ...[...get(sum(row, 0)), ...set(sum(row, 1))],
      ]),
      each(height * 2, (index) => [...number(0), ...set(next + index)]),
    ),
    ...[...open, ...get(at.groupValues), ...set(at.valueAt)],
    ...countDown(at.iEntry, entry),
    ...branch(get(at.bounds), [...openBounds, ...each(height, both(cut))]),
    ...[...get(at.pairOut), ...set(at.to)],
    ...existing((row) => [
      ...both((local, column) => [...get(at.to), ...get(local), ...store(column * 16)])(row),
      ...increase(at.to, get(at.outRow)),
    ]),
  ]
}

/** The vectors of a block, two at a time. */
function vectorGroup(vectors: 8 | 4, multiplyAdd: MultiplyAdd): Code {
  const goOn = (half: number, pointer: number): Code =>
    increase(pointer, [
      ...choose(
        [...get(at.turn), ...constant(3), ...equals],
        [...get(half), ...constant(32), ...minus],
        constant(32),
      ),
    ])
  return [
    ...[...get(at.inAt), ...set(at.pairIn), ...get(at.out), ...set(at.pairOut)],
    ...[...constant(vectors / 2), ...set(at.turn)],
    ...countDown(at.turn, [
      ...pair(multiplyAdd),
      ...goOn(at.inHalf, at.pairIn),
      ...goOn(at.outHalf, at.pairOut),
    ]),
  ]
}

/** One float of each of 4 rows. */
function singleGroup(multiplyAdd: MultiplyAdd): Code {
  const entry: Code = [
    ...multiplyAdd(
      get(next),
      [...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...spread(0)],
      [...get(at.valueAt), ...load(0)],
    ),
    ...set(next),
    ...[...increase(at.offsetAt, constant(4)), ...increase(at.valueAt, constant(16))],
  ]
  return [
    ...branch(
      get(at.bias),
      [...get(at.biasAt), ...load(0), ...set(next)],
      [...number(0), ...set(next)],
    ),
    ...[...open, ...get(at.groupValues), ...set(at.valueAt)],
    ...countDown(at.iEntry, entry),
    ...branch(get(at.bounds), [...openBounds, ...cut(next)]),
    ...[...get(at.out), ...set(at.to)],
    ...existing((row) => [
      ...[...get(at.to), ...get(next), ...storeLane(row)],
      ...increase(at.to, get(at.outRow)),
    ]),
  ]
}

function denseProducts(name: string, group: Code): WasmFunction[] {
  const openRows: Code = [
    ...[...get(at.rows), ...set(at.left), ...get(at.values), ...set(at.groupValues)],
    ...[...get(at.bias), ...set(at.biasAt)],
    ...[...get(at.outRow), ...constant(2), ...shiftLeft, ...set(at.step)],
  ]
  /** All groups of rows; the last one may lack some. */
  const groups = (body: Code): Code => [
    ...openRows,
    ...repeat([
      ...body,
      ...increase(at.groupValues, [...get(at.count), ...constant(4), ...shiftLeft]),
      ...increase(at.biasAt, constant(16)),
      ...[...get(at.left), ...constant(height), ...minus, ...tee(at.left)],
      ...[...constant(0), ...above],
    ]),
  ]
  const byBlock = eachBlock(at, [
    ...[...get(at.outAt), ...set(at.out)],
    ...groups([...group, ...increase(at.out, get(at.step))]),
  ])
  const byRow = groups([
    ...eachBlock(at, [...get(at.outAt), ...set(at.out), ...group]),
    ...increase(at.output, get(at.step)),
  ])
  const locals = [[height * 2 + 4, v128] as const]
  return [toFunction(`${name}ByBlock`, locals, byBlock), toFunction(`${name}ByRow`, locals, byRow)]
}

export const denseProductFunctions = (multiplyAdd: MultiplyAdd): WasmFunction[] => [
  ...denseProducts('denseProductWide', vectorGroup(8, multiplyAdd)),
  ...denseProducts('denseProductNarrow', vectorGroup(4, multiplyAdd)),
  ...denseProducts('denseProductSingle', singleGroup(multiplyAdd)),
]
