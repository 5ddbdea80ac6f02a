import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set, tee } from '../../../internal/instructions.js'
import { type Arithmetic, arithmetics } from './arithmetic.js'

// Rows, and channels in groups; the distance from one row to the next, in bytes; where dy, x, the
// means and the two sums begin.
const [rows, groups, rowStep, dy, x, mean, total, tilt] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const [row, dyAt, xAt, value, sums] = [8, 9, 10, 11, 12] as const

/** The value that is added up: dy, or x - mean itself. */
export type Summed = 'slopes' | 'deviations'

/**
 * total[channel] += sum over rows of v[row, channel], and tilt[channel] += sum over rows of
 * v[row, channel] * (x[row, channel] - mean[channel]), where v is dy or x - mean
 */
function channelSums(summed: Summed, lanes: Arithmetic, vectors: number): WasmFunction {
  const { count, type, load, store, number, sum, product, difference } = lanes
  const each = (code: (offset: number, total: number, tilt: number) => Code): Code =>
    Array.from({ length: vectors }, (_, i) =>
      code(i * count * 4, sums + i, sums + vectors + i),
    ).flat()
  const at = (pointer: number, offset: number): Code => [...get(pointer), ...load(offset)]
  const raise = (pointer: number, offset: number, by: number): Code => [
    ...[...get(pointer), ...sum(at(pointer, offset), get(by)), ...store(offset)],
  ]
  const deviation = (offset: number): Code => difference(at(xAt, offset), at(mean, offset))
  const isSlope = summed === 'slopes'
  const group: Code = [
    ...each((_, total, tilt) => [...number(0), ...tee(total), ...set(tilt)]),
    ...[...get(dy), ...set(dyAt), ...get(x), ...set(xAt), ...get(rows), ...set(row)],
    ...countDown(row, [
      ...each((offset, total, tilt) => [
        ...[...(isSlope ? at(dyAt, offset) : deviation(offset)), ...set(value)],
        ...[...sum(get(total), get(value)), ...set(total)],
        ...product(get(value), isSlope ? deviation(offset) : get(value)),
        ...[...get(tilt), ...lanes.add, ...set(tilt)],
      ]),
      ...[dyAt, xAt].flatMap((pointer) => increase(pointer, get(rowStep))),
    ]),
    ...each((offset, ofDy, ofBoth) => [
      ...raise(total, offset, ofDy),
      ...raise(tilt, offset, ofBoth),
    ]),
    ...[dy, x, mean, total, tilt].flatMap((pointer) =>
      increase(pointer, constant(count * vectors * 4)),
    ),
  ]
  return {
    name: `${summed}${count * vectors}`,
    parameters: 8,
    locals: [
      [3, i32],
      [1 + 2 * vectors, type],
    ],
    body: countDown(groups, group),
  }
}

const [four, one] = arithmetics as readonly [Arithmetic, Arithmetic]

/** For 16, 4 and 1 channels at once: several sums keep the adders busy. */
export const channelSumsCode = (summed: Summed): readonly WasmFunction[] => [
  channelSums(summed, four, 4),
  channelSums(summed, four, 1),
  channelSums(summed, one, 1),
]
