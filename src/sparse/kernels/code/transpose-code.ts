import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import {
  above,
  below,
  choose,
  constant,
  countDown,
  get,
  increase,
  plus,
  repeat,
  set,
  times,
} from '../../../internal/instructions.js'
import { four, one, shuffle } from '../../../internal/lanes.js'
import { each, frame, upTo } from './frame.js'

// Two axes, the inner one in the inner loop: the place where the last piece of each begins, and the
// bytes from one place to the next. A piece is 4 by 4 floats or one float.
const { at, next, toFunction } = frame(
  [
    ...(['matrices', 'columns', 'from', 'to', 'fromNext', 'toNext', 'fromStep', 'toStep'] as const),
    ...(['outerLast', 'fromOuter', 'toOuter', 'innerLast', 'fromInner', 'toInner'] as const),
  ],
  ['outer', 'inner', 'place', 'fromLine', 'toLine', 'source', 'target'],
)

const row = (index: number) => next + index
const half = (index: number) => next + 4 + index

const merge = (a: number, b: number, lanes: readonly [number, number, number, number]): Code => [
  ...[...get(a), ...get(b), ...shuffle(...lanes)],
]

const columns = [
  merge(half(0), half(1), [0, 1, 4, 5]),
  merge(half(0), half(1), [2, 3, 6, 7]),
  merge(half(2), half(3), [0, 1, 4, 5]),
  merge(half(2), half(3), [2, 3, 6, 7]),
]

/** As many columns are written as there are. */
const block: Code = [
  ...each(4, (index) => [
    ...[...get(at.source), ...four.load(0), ...set(row(index))],
    ...increase(at.source, get(at.fromStep)),
  ]),
  ...[...merge(row(0), row(1), [0, 4, 1, 5]), ...set(half(0))],
  ...[...merge(row(2), row(3), [0, 4, 1, 5]), ...set(half(1))],
  ...[...merge(row(0), row(1), [2, 6, 3, 7]), ...set(half(2))],
  ...[...merge(row(2), row(3), [2, 6, 3, 7]), ...set(half(3))],
  ...upTo(at.columns, 4, (index) => [
    ...[...get(at.target), ...columns[index]!, ...four.store(0)],
    ...increase(at.target, get(at.toStep)),
  ]),
]

const float: Code = [...get(at.target), ...get(at.source), ...one.load(0), ...one.store(0)]

type Local = keyof typeof at

/** Every `side`th place of an axis; the last piece may hold some floats of the one before again. */
const along = (axis: 'outer' | 'inner', side: number, ends: readonly Local[], code: Code): Code => {
  const last = get(at[`${axis}Last`])
  const [from, to, source, target] = ends as readonly [Local, Local, Local, Local]
  const point = (end: Local, first: Local, step: Code): Code => [
    ...[...get(at[first]), ...get(at.place), ...step, ...times, ...plus, ...set(at[end])],
  ]
  const steps = axis === 'outer' ? [at.fromOuter, at.toOuter] : [at.fromInner, at.toInner]
  return [
    ...[...constant(0), ...set(at[axis])],
    ...repeat([
      ...choose([...get(at[axis]), ...last, ...below], get(at[axis]), last),
      ...set(at.place),
      ...point(source, from, get(steps[0]!)),
      ...point(target, to, get(steps[1]!)),
      ...code,
      ...increase(at[axis], constant(side)),
      ...[...last, ...constant(side), ...plus, ...get(at[axis]), ...above],
    ]),
  ]
}

const transpose = (name: string, side: number, piece: Code): WasmFunction =>
  toFunction(
    name,
    [[8, v128]],
    countDown(at.matrices, [
      ...along(
        'outer',
        side,
        ['from', 'to', 'fromLine', 'toLine'],
        along('inner', side, ['fromLine', 'toLine', 'source', 'target'], piece),
      ),
      ...[...increase(at.from, get(at.fromNext)), ...increase(at.to, get(at.toNext))],
    ]),
  )

export const transposeFunctions = (): WasmFunction[] => [
  transpose('transposeBlocks', 4, block),
  transpose('transposeFloats', 1, float),
]
