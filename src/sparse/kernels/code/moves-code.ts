import type { Code, WasmFunction } from '../../../internal/assembler.js'
import {
  above,
  branch,
  constant,
  copyBytes,
  countDown,
  during,
  equals,
  get,
  increase,
  minus,
  set,
} from '../../../internal/instructions.js'
import { four, type Lanes, one, shuffle } from '../../../internal/lanes.js'
import { each, frame } from './frame.js'

/** Rows longer than this are copied by the host; for shorter ones its call would take longer. */
const LONG_ROW = 1024

const parameters = [
  ...(['planes', 'rows', 'length', 'from', 'to', 'fromStep', 'toStep'] as const),
  ...(['fromPlane', 'toPlane', 'everyBytes'] as const),
] as const
const { at, toFunction } = frame(parameters, [
  ...(['iRow', 'fromRow', 'toRow', 'left', 'source', 'target'] as const),
])

/** Each row of each plane, whose ends lie at `source` and `target`. */
const eachRow = (row: Code): Code =>
  countDown(at.planes, [
    ...[...get(at.from), ...set(at.fromRow), ...get(at.to), ...set(at.toRow)],
    ...[...get(at.rows), ...set(at.iRow)],
    ...countDown(at.iRow, [
      ...[...get(at.fromRow), ...set(at.source), ...get(at.toRow), ...set(at.target)],
      ...[...get(at.length), ...set(at.left), ...row],
      ...[...increase(at.fromRow, get(at.fromStep)), ...increase(at.toRow, get(at.toStep))],
    ]),
    ...[...increase(at.from, get(at.fromPlane)), ...increase(at.to, get(at.toPlane))],
  ])

const isMoreThan = (count: number): Code => [...get(at.left), ...constant(count), ...above]

/** Rows of floats: 16 at a time, then 4, then one by one. */
function rowCopy(): WasmFunction {
  const move = ({ count, load, store }: Lanes, times = 1): Code => [
    ...each(times, (i) => [
      ...[...get(at.target), ...get(at.source), ...load(i * count * 4), ...store(i * count * 4)],
    ]),
    ...[at.source, at.target].flatMap((pointer) => increase(pointer, constant(times * count * 4))),
    ...[...get(at.left), ...constant(times * count * 4), ...minus, ...set(at.left)],
  ]
  const long = [...get(at.target), ...get(at.source), ...get(at.length), ...copyBytes]
  const short = [
    ...during(isMoreThan(63), move(four, 4)),
    ...during(isMoreThan(15), move(four)),
    ...during(isMoreThan(3), move(one)),
  ]
  return toFunction(
    'copyRows',
    [],
    branch([...get(at.length), ...constant(LONG_ROW), ...above], eachRow(long), eachRow(short)),
  )
}

/** Every second float, 16 and 4 at a time, and every `every`th float one by one. */
function everyNth(): WasmFunction {
  const goOn = (count: number, every: Code): Code => [
    ...increase(at.source, every),
    ...increase(at.target, constant(count * 4)),
    ...[...get(at.left), ...constant(count), ...minus, ...set(at.left)],
  ]
  const foursOfEight = (times: number): Code => [
    ...each(times, (i) => [
      ...[...get(at.target), ...get(at.source), ...four.load(i * 32)],
      ...[...get(at.source), ...four.load(i * 32 + 16), ...shuffle(0, 2, 4, 6)],
      ...four.store(i * 16),
    ]),
    ...goOn(times * 4, constant(times * 32)),
  ]
  const single: Code = [
    ...[...get(at.target), ...get(at.source), ...one.load(0), ...one.store(0)],
    ...goOn(1, get(at.everyBytes)),
  ]
  const isSecond: Code = [...get(at.everyBytes), ...constant(8), ...equals]
  return toFunction(
    'everyNth',
    [],
    eachRow([
      // more than 4: the last vector would reach beyond the last float
      ...branch(isSecond, [
        ...during(isMoreThan(16), foursOfEight(4)),
        ...during(isMoreThan(4), foursOfEight(1)),
      ]),
      ...during(isMoreThan(0), single),
    ]),
  )
}

export const moveFunctions = (): WasmFunction[] => [rowCopy(), everyNth()]
