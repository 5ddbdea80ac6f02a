import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import {
  below,
  choose,
  constant,
  countDown,
  get,
  increase,
  plus,
  repeat,
  set,
} from '../../../internal/instructions.js'
import { four, shuffle } from '../../../internal/lanes.js'
import { frame } from './frame.js'

// `last` is where the last 4 floats of a row begin, in bytes.
const { at, next, toFunction } = frame(
  ['planes', 'rows', 'last', 'from', 'to', 'pitch', 'toStep', 'fromPlane', 'toPlane'],
  ['iRow', 'fromRow', 'toRow', 'column', 'place', 'source', 'second'],
)

/** The larger of both rows, of 4 columns. */
const larger = (offset: number): Code => [
  ...[...get(at.source), ...four.load(offset), ...get(at.second), ...four.load(offset)],
  ...four.larger,
]
const every = (...lanes: readonly [number, number, number, number]): Code => [
  ...[...get(next), ...get(next + 1), ...shuffle(...lanes)],
]

/** Four floats; the last four of a row may be some of those before again. */
const fourFloats: Code = [
  ...choose([...get(at.column), ...get(at.last), ...below], get(at.column), get(at.last)),
  ...set(at.place),
  ...[...get(at.fromRow), ...get(at.place), ...plus, ...get(at.place), ...plus, ...set(at.source)],
  ...[...get(at.source), ...get(at.pitch), ...plus, ...set(at.second)],
  ...[...larger(0), ...set(next), ...larger(16), ...set(next + 1)],
  ...[...get(at.toRow), ...get(at.place), ...plus],
  ...[...every(0, 2, 4, 6), ...every(1, 3, 5, 7), ...four.larger, ...four.store(0)],
  ...increase(at.column, constant(16)),
]

const row: Code = [
  ...[...constant(0), ...set(at.column)],
  ...repeat([
    ...fourFloats,
    ...[...get(at.column), ...get(at.last), ...constant(16), ...plus, ...below],
  ]),
  ...increase(at.fromRow, [...get(at.pitch), ...get(at.pitch), ...plus]),
  ...increase(at.toRow, get(at.toStep)),
]

/** The largest of each 2 by 2 pixels, which nothing else does in one pass. */
export const halveFunction: WasmFunction = toFunction(
  'halve',
  [[2, v128]],
  countDown(at.planes, [
    ...[...get(at.from), ...set(at.fromRow), ...get(at.to), ...set(at.toRow)],
    ...[...get(at.rows), ...set(at.iRow), ...countDown(at.iRow, row)],
    ...[...increase(at.from, get(at.fromPlane)), ...increase(at.to, get(at.toPlane))],
  ]),
)
