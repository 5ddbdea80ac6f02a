import { type Code, f32, i32, v128, type WasmFunction } from '../../../internal/assembler.js'
import {
  above,
  choose,
  constant,
  countDown,
  during,
  equals,
  get,
  increase,
  minus,
  plus,
  set,
  shiftLeft,
} from '../../../internal/instructions.js'
import { four, type Lanes, largerWhole, magnitude, one } from '../../../internal/lanes.js'
import { each, frame } from './frame.js'

/**
 * Writes `length` floats: 4 at a time, and the rest one by one. The code leaves the value of the
 * place to write, and all pointers go on.
 */
function elementwise(
  { length, out, pointers }: { length: number; out: number; pointers: readonly number[] },
  code: (lanes: Lanes) => Code,
): Code {
  const turn = (lanes: Lanes): Code =>
    during(
      [...get(length), ...constant(lanes.count - 1), ...above],
      [
        ...[...get(out), ...code(lanes), ...lanes.store(0)],
        ...[...new Set([out, ...pointers])].flatMap((pointer) =>
          increase(pointer, constant(lanes.count * 4)),
        ),
        ...[...get(length), ...constant(lanes.count), ...minus, ...set(length)],
      ],
    )
  return [...turn(four), ...turn(one)]
}

function pairs(name: string, operation: (lanes: Lanes) => Code): WasmFunction {
  const { at, toFunction } = frame(['a', 'b', 'out', 'length'], [])
  const code = elementwise({ ...at, pointers: [at.a, at.b] }, (lanes) => [
    ...[...get(at.a), ...lanes.load(0), ...get(at.b), ...lanes.load(0), ...operation(lanes)],
  ])
  return toFunction(name, [], code)
}

function cut(): WasmFunction {
  const { at, toFunction } = frame(['input', 'out', 'bounds', 'length'], [])
  const code = elementwise({ ...at, pointers: [at.input] }, ({ load, spread, raise, lower }) => {
    const bound = (offset: number): Code => [...get(at.bounds), ...spread(offset)]
    return lower(raise([...get(at.input), ...load(0)], bound(0)), bound(4))
  })
  return toFunction('cut', [], code)
}

function scale(): WasmFunction {
  const { at, toFunction } = frame(
    ['input', 'out', 'factors', 'terms', 'channels', 'groups', 'length', 'step'],
    ['channel', 'left', 'from', 'to'],
  )
  const group = elementwise(
    { length: at.left, out: at.to, pointers: [at.from] },
    ({ load, spread, multiply, add }) => {
      const ofChannel = (list: number): Code => [
        ...[...get(list), ...get(at.channel), ...plus, ...spread(0)],
      ]
      return [
        ...[...get(at.from), ...load(0), ...ofChannel(at.factors), ...multiply],
        ...[...ofChannel(at.terms), ...add],
      ]
    },
  )
  const channelBytes = [...get(at.channels), ...constant(2), ...shiftLeft]
  const isBehindLast = [...get(at.channel), ...channelBytes, ...equals]
  return toFunction(
    'scale',
    [],
    countDown(at.groups, [
      ...[...get(at.input), ...set(at.from), ...get(at.out), ...set(at.to)],
      ...[...get(at.length), ...set(at.left), ...group],
      ...[...increase(at.input, get(at.step)), ...increase(at.out, get(at.step))],
      ...[...increase(at.channel, constant(4))],
      ...choose(isBehindLast, constant(0), get(at.channel)),
      ...set(at.channel),
    ]),
  )
}

function fill(): WasmFunction {
  const [to, length, value] = [0, 1, 2] as const
  const body = elementwise({ length, out: to, pointers: [] }, (lanes) => [
    ...[...get(value), ...lanes.fill],
  ])
  return { name: 'fill', parameters: [i32, i32, f32], locals: [], body }
}

/** Without their signs, floats are as large as their bits, and NaN is larger than any other. */
function largestMagnitude(): WasmFunction {
  const { at, next, toFunction } = frame(['input', 'length', 'out'], [])
  const turn = (vectors: number): Code =>
    during(
      [...get(at.length), ...constant(vectors * 4 - 1), ...above],
      [
        ...each(vectors, (i) => [
          ...[...get(next), ...get(at.input), ...four.load(i * 16), ...magnitude],
          ...[...largerWhole, ...set(next)],
        ]),
        ...increase(at.input, constant(vectors * 16)),
        ...[...get(at.length), ...constant(vectors * 4), ...minus, ...set(at.length)],
      ],
    )
  const body = [...turn(4), ...turn(1), ...get(at.out), ...get(next), ...four.store(0)]
  return toFunction('largestMagnitude', [[1, v128]], body)
}

export const elementwiseFunctions = (): WasmFunction[] => [
  pairs('add', ({ add }) => add),
  pairs('multiply', ({ multiply }) => multiply),
  pairs('largest', ({ larger }) => larger),
  cut(),
  scale(),
  fill(),
  largestMagnitude(),
]
