import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import {
  above,
  below,
  branch,
  choose,
  constant,
  countDown,
  get,
  increase,
  minus,
  plus,
  repeat,
  set,
} from '../../../internal/instructions.js'
import { four, shuffle } from '../../../internal/lanes.js'
import { each, frame } from './frame.js'
import { withoutSigns } from './without-signs.js'

// `last` is where the last 4 floats of a row begin, in bytes.
const { at, next, toFunction } = frame(
  ['planes', 'rows', 'last', 'from', 'to', 'pitch', 'toStep', 'fromPlane', 'toPlane'],
  ['iRow', 'fromRow', 'toRow', 'column', 'end', 'place', 'source', 'second', 'target', 'exact'],
)
const [left, right, signs, value] = [next, next + 1, next + 2, next + 3]

const every = (...lanes: readonly [number, number, number, number]): Code => [
  ...[...get(left), ...get(right), ...shuffle(...lanes)],
]

/** Four floats of the outcome. */
const vector = (index: number, see: (value: Code) => Code, larger: Code): Code => {
  const column = (offset: number): Code => [
    ...see([...get(at.source), ...four.load(offset)]),
    ...[...see([...get(at.second), ...four.load(offset)]), ...larger],
  ]
  return [
    ...[...column(index * 32), ...set(left), ...column(index * 32 + 16), ...set(right)],
    ...[...get(at.target), ...every(0, 2, 4, 6), ...every(1, 3, 5, 7), ...larger],
    ...four.store(index * 16),
  ]
}

/** A row, some vectors at a time; the last ones may hold some floats of those before again. */
const row = (vectors: number, code: (index: number) => Code): Code => [
  ...[...constant(0), ...set(at.column)],
  ...[...get(at.last), ...constant((vectors - 1) * 16), ...minus, ...set(at.end)],
  ...repeat([
    ...choose([...get(at.column), ...get(at.end), ...below], get(at.column), get(at.end)),
    ...set(at.place),
    ...[...get(at.place), ...get(at.place), ...plus, ...get(at.fromRow), ...plus],
    ...[...set(at.source), ...get(at.source), ...get(at.pitch), ...plus, ...set(at.second)],
    ...[...get(at.toRow), ...get(at.place), ...plus, ...set(at.target), ...each(vectors, code)],
    ...increase(at.column, constant(vectors * 16)),
    ...[...get(at.column), ...get(at.last), ...constant(16), ...plus, ...below],
  ]),
]

const plane = (see: (value: Code) => Code, larger: Code): Code => {
  const code = (index: number) => vector(index, see, larger)
  return [
    ...[...get(at.from), ...set(at.fromRow), ...get(at.to), ...set(at.toRow)],
    ...[...get(at.rows), ...set(at.iRow)],
    ...countDown(at.iRow, [
      ...branch([...get(at.last), ...constant(15), ...above], row(2, code), row(1, code)),
      ...increase(at.fromRow, [...get(at.pitch), ...get(at.pitch), ...plus]),
      ...increase(at.toRow, get(at.toStep)),
    ]),
  ]
}

/** The largest of each 2 by 2 pixels, which nothing else does in one pass. */
export const halveFunction: WasmFunction = toFunction(
  'halve',
  [[4, v128]],
  countDown(at.planes, [
    ...withoutSigns({ signs, value, exact: at.exact }, plane),
    ...[...increase(at.from, get(at.fromPlane)), ...increase(at.to, get(at.toPlane))],
  ]),
)
