import { type Code, f32, type WasmFunction } from '../../../internal/assembler.js'
import {
  below,
  branch,
  choose,
  constant,
  countDown,
  during,
  get,
  increase,
  minus,
  plus,
  set,
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { one } from '../../../internal/lanes.js'
import { blockLocals, eachBlock } from './blocks-code.js'
import { frame } from './frame.js'
import { gatherParameters } from './gather-code.js'

const rows = [0, 1, 2, 3] as const
const { at, next, toFunction } = frame(gatherParameters, [
  ...blockLocals,
  ...(['iGroup', 'startAt', 'biasAt', 'out', 'toValues', 'length', 'shared'] as const),
  ...(['entry0', 'entry1', 'entry2', 'entry3', 'end0', 'end1', 'end2', 'end3'] as const),
])
const entry = (row: (typeof rows)[number]) => at[`entry${row}`]
const end = (row: (typeof rows)[number]) => at[`end${row}`]
const sum = (row: number) => next + row
const [least, most] = [next + 4, next + 5]

const { load, store, multiply, add, raise, lower, number } = one

const eachRow = (code: (row: (typeof rows)[number]) => Code): Code => rows.flatMap(code)

/** Where the entries of a row begin. */
const beginning = (row: number): Code => [
  ...[...get(at.offsets), ...get(at.startAt), ...word(row * 4), ...constant(2), ...shiftLeft],
  ...plus,
]

const addEntry = (row: (typeof rows)[number]): Code => [
  ...get(sum(row)),
  ...[...get(entry(row)), ...get(at.toValues), ...plus, ...load(0)],
  ...[...get(at.inAt), ...get(entry(row)), ...word(0), ...plus, ...load(0)],
  ...[...multiply, ...add, ...set(sum(row))],
  ...increase(entry(row), constant(4)),
]

/** All rows have so many bytes of entries. */
const shortest = eachRow((row) => {
  const length = [...get(end(row)), ...get(entry(row)), ...minus]
  if (row === 0) return [...length, ...set(at.shared)]
  return [
    ...[...length, ...set(at.length)],
    ...choose([...get(at.length), ...get(at.shared), ...below], get(at.length), get(at.shared)),
    ...set(at.shared),
  ]
})

const group: Code = [
  ...eachRow((row) => [
    ...[...beginning(row), ...set(entry(row)), ...beginning(row + 1), ...set(end(row))],
  ]),
  ...branch(
    get(at.bias),
    eachRow((row) => [...get(at.biasAt), ...load(row * 4), ...set(sum(row))]),
    eachRow((row) => [...number(0), ...set(sum(row))]),
  ),
  ...[...shortest, ...get(entry(0)), ...get(at.shared), ...plus, ...set(at.length)],
  ...during([...get(entry(0)), ...get(at.length), ...below], eachRow(addEntry)),
  ...eachRow((row) => during([...get(entry(row)), ...get(end(row)), ...below], addEntry(row))),
  ...branch(get(at.bounds), [
    ...[...get(at.bounds), ...load(0), ...set(least), ...get(at.bounds), ...load(4), ...set(most)],
    ...eachRow((row) => [...lower(raise(get(sum(row)), get(least)), get(most)), ...set(sum(row))]),
  ]),
  ...eachRow((row) => [
    ...[...get(at.out), ...get(sum(row)), ...store(0), ...increase(at.out, get(at.outRow))],
  ]),
  ...[at.startAt, at.biasAt].flatMap((pointer) => increase(pointer, constant(16))),
]

/**
 * The product of single floats, four rows at once: a sum waits for the one before, so that one row
 * leaves most of the processor idle. `rows` counts groups of four.
 */
export const fourRowsProduct: WasmFunction = toFunction(
  'productFourRows',
  [[6, f32]],
  [
    ...[...get(at.values), ...get(at.offsets), ...minus, ...set(at.toValues)],
    ...eachBlock(at, [
      ...[...get(at.starts), ...set(at.startAt), ...get(at.bias), ...set(at.biasAt)],
      ...[...get(at.outAt), ...set(at.out), ...get(at.rows), ...set(at.iGroup)],
      ...countDown(at.iGroup, group),
    ]),
  ],
)
