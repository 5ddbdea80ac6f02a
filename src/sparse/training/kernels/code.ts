import type { Code, WasmFunction } from '../../../internal/assembler.js'
import {
  below,
  constant,
  during,
  get,
  increase,
  plus,
  set,
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { and, four, simd } from '../../../internal/lanes.js'
import { blockShapes } from '../../kernels/code/blocks-code.js'
import { each, frame } from '../../kernels/code/frame.js'
import { gatherFunctions, type RowCode } from '../../kernels/code/gather-code.js'
import { productGradientRow } from './product-gradient-code.js'

const { load, store, add, spread, same, without } = four
const greater = simd(0x44)

/**
 * One row of the gradient of a maximum, for narrow blocks. The gradient of the outcome lies at
 * `output`, the outcome `outHalf` bytes behind; the gradient of the input lies `bias` bytes behind
 * the input, its offsets `bounds` bytes behind the others. It goes to the first of the largest, or
 * to each of them, if they lie between the two floats at `values`. Where windows overlap it is
 * added, else it is written.
 */
const maximumGradientRow =
  (way: 'add' | 'write' | 'each'): RowCode =>
  ({ at, next }, { vectors }) => {
    const most = (vector: number) => next + vector
    const left = (vector: number) => next + vectors + vector
    const hit = next + vectors * 2
    const isLeft = [...get(at.offsetAt), ...get(at.end), ...below]
    return [
      ...[...get(at.out), ...get(at.outHalf), ...plus, ...set(at.from)],
      ...each(vectors, (vector) => [
        ...[...get(at.from), ...load(vector * 16), ...set(most(vector))],
        ...[...get(at.out), ...load(vector * 16)],
        ...[...get(most(vector)), ...get(at.values), ...spread(0), ...greater, ...and],
        ...[...get(at.values), ...spread(4), ...get(most(vector)), ...greater, ...and],
        ...set(left(vector)),
      ]),
      ...[...get(at.first), ...set(at.offsetAt)],
      ...during(isLeft, [
        ...[...get(at.inAt), ...get(at.offsetAt), ...word(0), ...plus, ...set(at.from)],
        ...[...get(at.offsetAt), ...get(at.bounds), ...plus, ...word(0)],
        ...[...get(at.inAt), ...get(at.bias), ...plus, ...plus, ...set(at.valueAt)],
        ...each(vectors, (vector) => [
          ...[...get(at.from), ...load(vector * 16), ...get(most(vector)), ...same, ...set(hit)],
          ...get(at.valueAt),
          ...[...get(left(vector)), ...get(hit), ...and],
          ...(way === 'add' ? [...get(at.valueAt), ...load(vector * 16), ...add] : []),
          ...store(vector * 16),
          ...(way === 'each'
            ? []
            : [...get(left(vector)), ...get(hit), ...without, ...set(left(vector))]),
        ]),
        ...increase(at.offsetAt, constant(4)),
      ]),
    ]
  }

/** out = gradient where least < value < most, else 0, for a multiple of 4 floats. */
function cutGradient(): WasmFunction {
  const { at, toFunction } = frame(['value', 'gradient', 'out', 'bounds', 'length'], ['end'])
  const at0 = (pointer: number): Code => [...get(pointer), ...load(0)]
  const bound = (offset: number): Code => [...get(at.bounds), ...spread(offset)]
  return toFunction(
    'cutGradient',
    [],
    [
      ...[...get(at.out), ...get(at.length), ...constant(2), ...shiftLeft, ...plus, ...set(at.end)],
      ...during(
        [...get(at.out), ...get(at.end), ...below],
        [
          ...[...get(at.out), ...at0(at.gradient)],
          ...[...at0(at.value), ...bound(0), ...greater, ...and],
          ...[...bound(4), ...at0(at.value), ...greater, ...and, ...store(0)],
          ...[at.value, at.gradient, at.out].flatMap((pointer) => increase(pointer, constant(16))),
        ],
      ),
    ],
  )
}

/** The functions that training has beside those of running. */
export function trainingFunctions(): WasmFunction[] {
  return [
    ...gatherFunctions('productGradientWide', blockShapes.wide, productGradientRow),
    ...gatherFunctions('productGradientNarrow', blockShapes.narrow, productGradientRow),
    ...gatherFunctions('maximumAddNarrow', blockShapes.narrow, maximumGradientRow('add')),
    ...gatherFunctions('maximumWriteNarrow', blockShapes.narrow, maximumGradientRow('write')),
    ...gatherFunctions('maximumEachNarrow', blockShapes.narrow, maximumGradientRow('each')),
    cutGradient(),
  ]
}
