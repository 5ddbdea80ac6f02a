import type { Code } from '../../../internal/assembler.js'
import {
  below,
  branch,
  constant,
  during,
  either,
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
import { each } from '../../kernels/code/frame.js'
import type { RowCode } from '../../kernels/code/gather-code.js'

const { load, store, add, multiply } = four

/**
 * One row of the gradient of a product: sums[entry] += input[offset of the entry] * output[row],
 * four partial sums an entry, and those of the bias += output[row]. `values` is the place of the
 * sums, `bias` that of those of the bias, or 0.
 */
export const productGradientRow: RowCode = ({ at, next }, { vectors }) => {
  const gradient = (vector: number) => next + vector
  const [sum, other] = [next + vectors, next + vectors + 1]
  const isLeft = [...get(at.offsetAt), ...get(at.end), ...below]
  const product = (vector: number, offset: number): Code => [
    ...[...get(gradient(vector)), ...get(at.from), ...load(offset), ...multiply],
  ]
  // Two sums, so that none waits for the one before.
  const addTo = (vector: number, term: Code): Code => {
    const into = vector % 2 === 0 ? sum : other
    return vector === 1 ? [...term, ...set(other)] : [...get(into), ...term, ...add, ...set(into)]
  }
  const open: Code = [...get(at.valueAt), ...load(0), ...set(sum)]
  const close: Code = [...get(at.valueAt), ...get(sum), ...get(other), ...add, ...store(0)]
  const entry: Code = [
    ...[...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from), ...open],
    ...eachVector(vectors, { pointer: at.from, half: at.inHalf }, (vector, offset) =>
      addTo(vector, product(vector, offset)),
    ),
    ...close,
    ...increase(at.offsetAt, constant(4)),
    ...increase(at.valueAt, constant(16)),
  ]
  // The place of the row among floats, four times as far among sums.
  const ofBias = [
    ...[...get(at.bias), ...get(at.biasAt), ...get(at.bias), ...minus],
    ...[...constant(2), ...shiftLeft, ...plus],
  ]
  const isRead = [...get(at.first), ...get(at.end), ...below, ...get(at.bias), ...either]
  return branch(isRead, [
    ...[...get(at.out), ...set(at.from)],
    ...eachVector(vectors, { pointer: at.from, half: at.outHalf }, (vector, offset) => [
      ...[...get(at.from), ...load(offset), ...set(gradient(vector))],
    ]),
    ...branch(get(at.bias), [
      ...[...ofBias, ...set(at.valueAt), ...open],
      ...[...each(vectors, (vector) => addTo(vector, get(gradient(vector)))), ...close],
    ]),
    ...[...get(at.first), ...set(at.offsetAt)],
    ...[...get(at.first), ...get(at.offsets), ...minus, ...constant(2), ...shiftLeft],
    ...[...get(at.values), ...plus, ...set(at.valueAt)],
    ...during(isLeft, entry),
  ])
}
