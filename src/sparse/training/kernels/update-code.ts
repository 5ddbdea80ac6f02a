import { type Code, v128, type WasmFunction } from '../../../internal/assembler.js'
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
import { four, one, shuffle, simd } from '../../../internal/lanes.js'
import { each, frame } from '../../kernels/code/frame.js'

const { load, store, add, multiply, spread, number } = four
const [minus, divide, root] = [simd(0xe5), simd(0xe7), simd(0xe3)]
/** Of two doubles; `promote` makes them of the first two floats. */
const double = { promote: simd(0x5f), add: simd(0xf0), multiply: simd(0xf2) }
/** Of one double. */
const single = { load: [0x2b, 3, 0], add: [0xa0], store: [0x39, 3, 0] }

/**
 * gradients[i] = the sum of the four floats of element i, which are 0 afterwards. Four elements at a
 * time, up to three beyond the last.
 */
function sumGradients(): WasmFunction {
  const { at, next, toFunction } = frame(['sums', 'out', 'end'], [])
  // Rows of two elements: their first halves, and their second halves, side by side.
  const pair = (first: number): Code => [
    ...[...get(next + first), ...get(next + first + 1), ...shuffle(0, 4, 2, 6)],
    ...[...get(next + first), ...get(next + first + 1), ...shuffle(1, 5, 3, 7), ...add],
  ]
  const entry: Code = [
    ...each(4, (i) => [...get(at.sums), ...load(i * 16), ...set(next + i)]),
    ...each(4, (i) => [...get(at.sums), ...number(0), ...store(i * 16)]),
    ...[...pair(0), ...set(next + 4), ...pair(2), ...set(next + 5)],
    ...get(at.out),
    ...[...get(next + 4), ...get(next + 5), ...shuffle(0, 1, 4, 5)],
    ...[...get(next + 4), ...get(next + 5), ...shuffle(2, 3, 6, 7), ...add, ...store(0)],
    ...[...increase(at.sums, constant(64)), ...increase(at.out, constant(16))],
  ]
  const locals = [[6, v128]] as const
  return toFunction(
    'sumGradients',
    locals,
    during([...get(at.out), ...get(at.end), ...below], entry),
  )
}

/** Adds the squares of groups of four floats to a double, each squared as a double. */
function sumSquares(): WasmFunction {
  const { at, next, toFunction } = frame(['from', 'out', 'end'], [])
  const [pair, sums] = [next, next + 1] as const
  const addPair = (two: Code, into: number): Code => [
    ...[...two, ...double.promote, ...set(pair)],
    ...[...get(into), ...get(pair), ...get(pair), ...double.multiply, ...double.add, ...set(into)],
  ]
  const floats: Code = [...get(at.from), ...load(0)]
  const lane = (index: 0 | 1): Code => [...get(sums), ...simd(0x21, index)]
  return toFunction(
    'sumSquares',
    [[3, v128]],
    [
      ...during(
        [...get(at.from), ...get(at.end), ...below],
        [
          ...addPair(floats, sums),
          ...addPair([...floats, ...floats, ...shuffle(2, 3, 2, 3)], sums + 1),
          ...increase(at.from, constant(16)),
        ],
      ),
      ...[...get(sums), ...get(sums + 1), ...double.add, ...set(sums)],
      ...[...get(at.out), ...get(at.out), ...single.load],
      ...[...lane(0), ...lane(1), ...single.add, ...single.add, ...single.store],
    ],
  )
}

/** to[i] = from[order[i]], up to the address where `to` ends. */
function pickFloats(): WasmFunction {
  const { at, toFunction } = frame(['from', 'order', 'to', 'end'], [])
  return toFunction(
    'pickFloats',
    [],
    during(
      [...get(at.to), ...get(at.end), ...below],
      [
        ...[...get(at.to), ...get(at.from), ...get(at.order), ...word(0)],
        ...[...constant(2), ...shiftLeft, ...plus, ...one.load(0), ...one.store(0)],
        ...[at.order, at.to].flatMap((pointer) => increase(pointer, constant(4))),
      ],
    ),
  )
}

/** Code of an update of four elements. */
interface UpdateCode {
  readonly values: Code
  /** Times the factor of clipping. */
  readonly gradient: Code
  readonly slots: readonly [Code, Code]
  /** Writes a value to a slot and leaves it. */
  readonly keep: (slot: 0 | 1, value: Code) => Code
  /** Settings behind the factor. */
  readonly settings: readonly Code[]
}

const times = (a: Code, b: Code): Code => [...a, ...b, ...multiply]
const sum = (a: Code, b: Code): Code => [...a, ...b, ...add]
const less = (a: Code, b: Code): Code => [...a, ...b, ...minus]
const quotient = (a: Code, b: Code): Code => [...a, ...b, ...divide]
const rootOf = (a: Code): Code => [...a, ...root]

/** The new values; `update-rules` gives the settings in this order. */
const rules = {
  sgd: ({ values, gradient, settings: [rate] }) => less(values, times(rate!, gradient)),
  momentum: ({ values, gradient, slots, keep, settings: [rate, m] }) => {
    const velocity = keep(0, sum(times(m!, slots[0]), gradient))
    return less(values, times(rate!, velocity))
  },
  nesterov: ({ values, gradient, slots, keep, settings: [rate, m] }) => {
    const velocity = keep(0, sum(times(m!, slots[0]), gradient))
    return less(values, times(rate!, sum(times(m!, velocity), gradient)))
  },
  adam: ({ values, gradient, slots, keep, settings: [rate, b1, left1, b2, left2, share, e] }) => {
    const first = keep(0, sum(times(b1!, slots[0]), times(left1!, gradient)))
    const square = times(times(left2!, gradient), gradient)
    const second = keep(1, sum(times(b2!, slots[1]), square))
    const deviation = sum(rootOf(times(second, share!)), e!)
    return less(values, quotient(times(rate!, first), deviation))
  },
  rmsProp: ({ values, gradient, slots, keep, settings: [rate, decay, left, m, e] }) => {
    const square = times(times(left!, gradient), gradient)
    const squares = keep(0, sum(times(decay!, slots[0]), square))
    const own = quotient(times(rate!, gradient), rootOf(sum(squares, e!)))
    return less(values, keep(1, sum(times(m!, slots[1]), own)))
  },
} satisfies Record<string, (code: UpdateCode) => Code>

/** The names of the updates. */
export type UpdateName = keyof typeof rules

/** Settings of an update at most; the first is the factor of clipping. */
export const MOST_SETTINGS = 8

/** One step of a rule on elements whose values end at an address, or up to three beyond. */
function update(name: UpdateName): WasmFunction {
  const names = ['values', 'gradients', 'first', 'second', 'settings', 'end'] as const
  const { at, next, toFunction } = frame(names, [])
  const [gradient, kept] = [next + MOST_SETTINGS, next + MOST_SETTINGS + 1]
  const slots = [at.first, at.second] as const
  const code = rules[name]({
    values: [...get(at.values), ...load(0)],
    gradient: get(gradient),
    slots: [
      [...get(at.first), ...load(0)],
      [...get(at.second), ...load(0)],
    ],
    keep: (slot, value) => [
      ...[...value, ...set(kept + slot), ...get(slots[slot]), ...get(kept + slot), ...store(0)],
      ...get(kept + slot),
    ],
    settings: Array.from({ length: MOST_SETTINGS - 1 }, (_, i) => get(next + 1 + i)),
  })
  return toFunction(
    name,
    [[MOST_SETTINGS + 3, v128]],
    [
      ...each(MOST_SETTINGS, (i) => [...get(at.settings), ...spread(i * 4), ...set(next + i)]),
      ...during(
        [...get(at.values), ...get(at.end), ...below],
        [
          ...[...get(at.gradients), ...load(0), ...get(next), ...multiply, ...set(gradient)],
          ...[...get(at.values), ...code, ...store(0)],
          ...[at.values, at.gradients, ...slots].flatMap((pointer) =>
            increase(pointer, constant(16)),
          ),
        ],
      ),
    ],
  )
}

/** The functions that change weights by their gradients. */
export const updateFunctions = (): WasmFunction[] => [
  sumGradients(),
  sumSquares(),
  pickFloats(),
  ...(Object.keys(rules) as UpdateName[]).map(update),
]
