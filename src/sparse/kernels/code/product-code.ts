import type { Code } from '../../../internal/assembler.js'
import {
  below,
  branch,
  constant,
  during,
  get,
  increase,
  minus,
  plus,
  set,
  word,
} from '../../../internal/instructions.js'
import { eachVector } from './blocks-code.js'
import { each } from './frame.js'
import type { RowCode } from './gather-code.js'

/** sum = sum + factor * value */
export type MultiplyAdd = (sum: Code, factor: Code, value: Code) => Code

/** One row of a product: the bias, the entries in order, the bounds. */
export const productRow =
  (multiplyAdd: MultiplyAdd): RowCode =>
  ({ at, next }, { lanes, vectors }) => {
    const { load, spread, store, raise, lower, number } = lanes
    const sum = (vector: number) => next + vector
    const factor = next + vectors
    const eachSum = (code: (vector: number) => Code) => each(vectors, code)
    const half = (first: number, count: number): Code =>
      each(count, (vector) => {
        const value = [...get(at.from), ...load(vector * 16)]
        return [
          ...multiplyAdd(get(sum(first + vector)), get(factor), value),
          ...set(sum(first + vector)),
        ]
      })
    // V8 moves the loads of code without a branch ahead of its sums. With 8 loads and 8 sums it
    // runs out of registers, and a sum kept in memory takes half the speed: a branch that is always
    // taken holds the halves apart.
    const isTrue = get(at.outer)
    const entry: Code = [
      ...[...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from)],
      ...[...get(at.valueAt), ...spread(0), ...set(factor)],
      ...(vectors === 8
        ? [...branch(isTrue, half(0, 4)), ...increase(at.from, get(at.inHalf)), ...half(4, 4)]
        : half(0, vectors)),
      ...[at.offsetAt, at.valueAt].flatMap((pointer) => increase(pointer, constant(4))),
    ]
    const bound = (vector: number): Code => [
      ...lower(raise(get(sum(vector)), get(factor)), get(factor + 1)),
      ...set(sum(vector)),
    ]
    return [
      ...branch(
        get(at.bias),
        [...get(at.biasAt), ...spread(0), ...set(factor)],
        [...number(0), ...set(factor)],
      ),
      ...eachSum((vector) => [...get(factor), ...set(sum(vector))]),
      ...[...get(at.first), ...set(at.offsetAt)],
      ...[...get(at.first), ...get(at.values), ...plus, ...get(at.offsets), ...minus],
      ...set(at.valueAt),
      ...during([...get(at.offsetAt), ...get(at.end), ...below], entry),
      ...branch(get(at.bounds), [
        ...[...get(at.bounds), ...spread(0), ...set(factor)],
        ...[...get(at.bounds), ...spread(4), ...set(factor + 1)],
        ...eachSum(bound),
      ]),
      ...[...get(at.out), ...set(at.from)],
      ...eachVector(vectors, { pointer: at.from, half: at.outHalf }, (vector, offset) => [
        ...[...get(at.from), ...get(sum(vector)), ...store(offset)],
      ]),
    ]
  }
