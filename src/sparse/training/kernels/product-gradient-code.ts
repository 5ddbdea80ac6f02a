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
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { four } from '../../../internal/lanes.js'
import { eachVector } from '../../kernels/code/blocks-code.js'
import type { RowCode } from '../../kernels/code/gather-code.js'

const { load, store, add, multiply } = four

/**
 * One row of the gradient of a product: sums[entry] += input[offset of the entry] * output[row],
 * four partial sums an entry. `values` is the place of the sums.
 */
export const productGradientRow: RowCode = ({ at, next }, { vectors }) => {
  const gradient = (vector: number) => next + vector
  const [sum, other] = [next + vectors, next + vectors + 1]
  const isLeft = [...get(at.offsetAt), ...get(at.end), ...below]
  const product = (vector: number, offset: number): Code => [
    ...[...get(gradient(vector)), ...get(at.from), ...load(offset), ...multiply],
  ]
  const entry: Code = [
    ...[...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from)],
    ...[...get(at.valueAt), ...load(0), ...set(sum)],
    ...eachVector(vectors, { pointer: at.from, half: at.inHalf }, (vector, offset) => {
      const into = vector % 2 === 0 ? sum : other
      return vector === 1
        ? [...product(vector, offset), ...set(other)]
        : [...get(into), ...product(vector, offset), ...add, ...set(into)]
    }),
    ...[...get(at.valueAt), ...get(sum), ...get(other), ...add, ...store(0)],
    ...increase(at.offsetAt, constant(4)),
    ...increase(at.valueAt, constant(16)),
  ]
  return branch(
    [...get(at.first), ...get(at.end), ...below],
    [
      ...[...get(at.out), ...set(at.from)],
      ...eachVector(vectors, { pointer: at.from, half: at.outHalf }, (vector, offset) => [
        ...[...get(at.from), ...load(offset), ...set(gradient(vector))],
      ]),
      ...[...get(at.first), ...set(at.offsetAt)],
      ...[...get(at.first), ...get(at.offsets), ...minus, ...constant(2), ...shiftLeft],
      ...[...get(at.values), ...plus, ...set(at.valueAt)],
      ...during(isLeft, entry),
    ],
  )
}
