import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// The parameters are those of Correlation and CorrelationPlaces in engine.ts, in bytes, with the
// channels in groups of lanes.
const [groups, outer, inner, x, xOuter, xInner, y, yOuter, yInner, out] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const
const [iOuter, iInner, xRow, yRow, xAt, yAt, sum] = [10, 11, 12, 13, 14, 15, 16] as const

/** out[channel] += sum over i, j of x[i, j, channel] * y[i, j, channel] */
function correlation(
  { count, type, load, store, add, multiply, number }: Lanes,
  vectors: number,
): WasmFunction {
  const each = (code: (offset: number, sum: number) => Code): Code =>
    Array.from({ length: vectors }, (_, i) => code(i * count * 4, sum + i)).flat()
  const product = [
    ...each((offset, sum) => [
      ...[...get(xAt), ...load(offset), ...get(yAt), ...load(offset), ...multiply],
      ...[...get(sum), ...add, ...set(sum)],
    ]),
    ...[...increase(xAt, get(xInner)), ...increase(yAt, get(yInner))],
  ]
  const group = [
    ...each((_, sum) => [...number(0), ...set(sum)]),
    ...[...get(x), ...set(xRow), ...get(y), ...set(yRow), ...get(outer), ...set(iOuter)],
    ...countDown(iOuter, [
      ...[...get(xRow), ...set(xAt), ...get(yRow), ...set(yAt), ...get(inner), ...set(iInner)],
      ...countDown(iInner, product),
      ...[...increase(xRow, get(xOuter)), ...increase(yRow, get(yOuter))],
    ]),
    ...each((offset, sum) => [
      ...[...get(out), ...get(out), ...load(offset), ...get(sum), ...add, ...store(offset)],
    ]),
    ...[x, y, out].flatMap((pointer) => increase(pointer, constant(count * vectors * 4))),
  ]
  const locals = [[6, i32] as const, [vectors, type] as const]
  const name = `correlation${count * vectors}`
  return { name, parameters: 10, locals, body: countDown(groups, group) }
}

/** For 16, 4 and 1 channels at once: several sums keep the adders busy. */
export const correlations: readonly WasmFunction[] = [
  correlation(four, 4),
  correlation(four, 1),
  correlation(one, 1),
]
