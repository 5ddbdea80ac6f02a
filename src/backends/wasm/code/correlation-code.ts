import { i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// The parameters are those of Correlation and CorrelationPlaces in engine.ts, in bytes, with the
// channels in groups of lanes.
const [groups, outer, inner, x, xOuter, xInner, y, yOuter, yInner, out] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const
const [iOuter, iInner, xRow, yRow, xAt, yAt, sum, zero] = [10, 11, 12, 13, 14, 15, 16, 17] as const

/** out[channel] += sum over i, j of x[i, j, channel] * y[i, j, channel] */
function correlation(
  name: string,
  { count, type, load, store, add, multiply }: Lanes,
): WasmFunction {
  const product = [
    ...[
      ...get(xAt),
      ...load(0),
      ...get(yAt),
      ...load(0),
      ...multiply,
      ...get(sum),
      ...add,
      ...set(sum),
    ],
    ...[...increase(xAt, get(xInner)), ...increase(yAt, get(yInner))],
  ]
  const group = [
    ...[
      ...get(zero),
      ...set(sum),
      ...get(x),
      ...set(xRow),
      ...get(y),
      ...set(yRow),
      ...get(outer),
      ...set(iOuter),
    ],
    ...countDown(iOuter, [
      ...[...get(xRow), ...set(xAt), ...get(yRow), ...set(yAt), ...get(inner), ...set(iInner)],
      ...countDown(iInner, product),
      ...[...increase(xRow, get(xOuter)), ...increase(yRow, get(yOuter))],
    ]),
    ...[...get(out), ...get(out), ...load(0), ...get(sum), ...add, ...store(0)],
    ...[x, y, out].flatMap((pointer) => increase(pointer, constant(count * 4))),
  ]
  const locals = [[6, i32] as const, [2, type] as const]
  return { name, parameters: 10, locals, body: countDown(groups, group) }
}

export const correlations: readonly WasmFunction[] = [
  correlation('correlation4', four),
  correlation('correlation1', one),
]
