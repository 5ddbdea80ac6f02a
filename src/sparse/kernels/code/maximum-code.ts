import type { Code } from '../../../internal/assembler.js'
import {
  below,
  branch,
  constant,
  during,
  get,
  increase,
  plus,
  set,
  word,
} from '../../../internal/instructions.js'
import { four } from '../../../internal/lanes.js'
import { eachVector } from './blocks-code.js'
import { each } from './frame.js'
import type { RowCode } from './gather-code.js'
import { withoutSigns } from './without-signs.js'

/** One row of a maximum: the largest of its entries, -Infinity where it has none. */
export const maximumRow: RowCode = ({ at, next }, { lanes, vectors }) => {
  const { load, store, number } = lanes
  const found = (vector: number) => next + vector
  const [signs, value] = [next + vectors, next + vectors + 1]
  const entry = (change: (vector: number, value: Code) => Code): Code => [
    ...[...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from)],
    ...eachVector(vectors, { pointer: at.from, half: at.inHalf }, (vector, offset) => [
      ...change(vector, [...get(at.from), ...load(offset)]),
      ...set(found(vector)),
    ]),
    ...increase(at.offsetAt, constant(4)),
  ]
  const isLeft = [...get(at.offsetAt), ...get(at.end), ...below]
  const largest = (see: (value: Code) => Code, larger: Code): Code => [
    ...[...get(at.first), ...set(at.offsetAt)],
    ...branch(
      isLeft,
      entry((_, value) => see(value)),
      each(vectors, (vector) => [...number(Number.NEGATIVE_INFINITY), ...set(found(vector))]),
    ),
    ...during(
      isLeft,
      entry((vector, value) => [...get(found(vector)), ...see(value), ...larger]),
    ),
  ]
  return [
    ...(lanes === four
      ? withoutSigns({ signs, value, exact: at.exact }, largest)
      : largest((value) => value, lanes.larger)),
    ...[...get(at.out), ...set(at.from)],
    ...eachVector(vectors, { pointer: at.from, half: at.outHalf }, (vector, offset) => [
      ...[...get(at.from), ...get(found(vector)), ...store(offset)],
    ]),
  ]
}
