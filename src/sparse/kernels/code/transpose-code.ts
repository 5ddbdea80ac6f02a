import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
import { countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, one, shuffle } from '../../../internal/lanes.js'
import { frame } from './frame.js'

// `outer` lines of `inner` pieces, a piece being 4 by 4 floats or one float; from one line, and one
// piece, to the next; from one row to the next of both matrices.
const { at, next, toFunction } = frame(
  [
    ...(['outer', 'inner', 'from', 'to', 'fromOuter', 'fromInner'] as const),
    ...(['toOuter', 'toInner', 'fromStep', 'toStep'] as const),
  ],
  ['iInner', 'source', 'target', 'place'],
)

const row = (index: number) => next + index
const half = (index: number) => next + 4 + index

const merge = (a: number, b: number, lanes: readonly [number, number, number, number]): Code => [
  ...[...get(a), ...get(b), ...shuffle(...lanes)],
]

const block: Code = [
  ...[...get(at.source), ...set(at.place)],
  ...[0, 1, 2, 3].flatMap((index) => [
    ...[...get(at.place), ...four.load(0), ...set(row(index))],
    ...increase(at.place, get(at.fromStep)),
  ]),
  ...[...merge(row(0), row(1), [0, 4, 1, 5]), ...set(half(0))],
  ...[...merge(row(2), row(3), [0, 4, 1, 5]), ...set(half(1))],
  ...[...merge(row(0), row(1), [2, 6, 3, 7]), ...set(half(2))],
  ...[...merge(row(2), row(3), [2, 6, 3, 7]), ...set(half(3))],
  ...[...get(at.target), ...set(at.place)],
  ...[
    merge(half(0), half(1), [0, 1, 4, 5]),
    merge(half(0), half(1), [2, 3, 6, 7]),
    merge(half(2), half(3), [0, 1, 4, 5]),
    merge(half(2), half(3), [2, 3, 6, 7]),
  ].flatMap((column) => [
    ...[...get(at.place), ...column, ...four.store(0), ...increase(at.place, get(at.toStep))],
  ]),
]

const float: Code = [...get(at.target), ...get(at.source), ...one.load(0), ...one.store(0)]

const transpose = (name: string, piece: Code): WasmFunction =>
  toFunction(
    name,
    [[8, v128]],
    countDown(at.outer, [
      ...[...get(at.from), ...set(at.source), ...get(at.to), ...set(at.target)],
      ...[...get(at.inner), ...set(at.iInner)],
      ...countDown(at.iInner, [
        ...[...piece, ...increase(at.source, get(at.fromInner))],
        ...increase(at.target, get(at.toInner)),
      ]),
      ...[...increase(at.from, get(at.fromOuter)), ...increase(at.to, get(at.toOuter))],
    ]),
  )

export const transposeFunctions = (): WasmFunction[] => [
  transpose('transposeBlocks', block),
  transpose('transposeFloats', float),
]
