import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// The parameters are those of TapSum and TapSumPlaces in engine.ts, in bytes, with the channels in
// groups.
const [groups, rows, columns, outer, inner, x, xRow, xColumn, xOuter, xInner] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const
const [filter, filterOuter, filterInner, out, outRow, outColumn] = [10, 11, 12, 13, 14, 15] as const
const [iColumn, iGroup, iOuter, iInner, xPixel, outPixel] = [16, 17, 18, 19, 20, 21] as const
const [xGroup, outGroup, tapGroup, xTaps, taps, xAt, tap, sum] = [
  22, 23, 24, 25, 26, 27, 28, 29,
] as const

const copy = (from: number, to: number): Code => [...get(from), ...set(to)]

/** out[row, column, channel] = sum over i, j of x[row, column, i, j, channel] * filter[i, j, channel] */
function tapSum({ count, type, load, store, add, multiply, number }: Lanes, vectors: number) {
  const bytes = constant(count * vectors * 4)
  const each = (code: (offset: number, sum: number) => Code): Code =>
    Array.from({ length: vectors }, (_, i) => code(i * count * 4, sum + i)).flat()
  const group: Code = [
    ...each((_, sum) => [...number(0), ...set(sum)]),
    ...[...copy(xGroup, xTaps), ...copy(tapGroup, taps), ...copy(outer, iOuter)],
    ...countDown(iOuter, [
      ...[...copy(xTaps, xAt), ...copy(taps, tap), ...copy(inner, iInner)],
      ...countDown(iInner, [
        ...each((offset, sum) => [
          ...[...get(xAt), ...load(offset), ...get(tap), ...load(offset), ...multiply],
          ...[...get(sum), ...add, ...set(sum)],
        ]),
        ...[...increase(xAt, get(xInner)), ...increase(tap, get(filterInner))],
      ]),
      ...[...increase(xTaps, get(xOuter)), ...increase(taps, get(filterOuter))],
    ]),
    ...each((offset, sum) => [...get(outGroup), ...get(sum), ...store(offset)]),
    ...[xGroup, tapGroup, outGroup].flatMap((pointer) => increase(pointer, bytes)),
  ]
  const pixel: Code = [
    ...[...copy(xPixel, xGroup), ...copy(filter, tapGroup), ...copy(outPixel, outGroup)],
    ...[...copy(groups, iGroup), ...countDown(iGroup, group)],
    ...[...increase(xPixel, get(xColumn)), ...increase(outPixel, get(outColumn))],
  ]
  const body = countDown(rows, [
    ...[...copy(x, xPixel), ...copy(out, outPixel), ...copy(columns, iColumn)],
    ...countDown(iColumn, pixel),
    ...[...increase(x, get(xRow)), ...increase(out, get(outRow))],
  ])
  const locals = [[13, i32] as const, [vectors, type] as const]
  return { name: `tapSum${count * vectors}`, parameters: 16, locals, body }
}

export const tapSums: readonly WasmFunction[] = [tapSum(four, 4), tapSum(four, 1), tapSum(one, 1)]
