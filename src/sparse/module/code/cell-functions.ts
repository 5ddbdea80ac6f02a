import type { Code, WasmFunction } from '../../../internal/assembler.js'
import {
  constant,
  countDown,
  get,
  increase,
  plus as plusWhole,
  set,
  times as timesWhole,
} from '../../../internal/instructions.js'
import type { Recurrent } from '../../network/network.js'
import { gateOf } from '../../programs/loops/plain-cells.js'
import { expressionOf } from './activations.js'
import { load, minus, number, plus, store, times } from './doubles.js'
import { locals } from './locals.js'

/** The functions of a recurrent cell, which go through the units one by one. */
export function cellFunction(
  name: string,
  operation: Recurrent,
  part: 'reset' | 'next',
): WasmFunction {
  const { at, keep, toFunction } = locals(
    ['length', 'input', 'sums', 'h', 'c', 'rest'],
    ['left', 'stride'],
  )
  const act = expressionOf(operation.activation)
  const [x, y] = [keep(), keep()]
  /** Gate n of the unit in hand: from the input and from the state. */
  const sum = (n: number): Code => {
    const offset = [...get(at.stride), ...constant(n), ...timesWhole, ...plusWhole]
    return [...get(at.input), ...offset, ...load, ...get(at.sums), ...offset, ...load, ...plus]
  }
  const of = (expression: ReturnType<typeof expressionOf>, value: Code): Code => {
    const kept = keep()
    return [...value, ...set(kept), ...expression(kept, keep)]
  }
  const gate = (n: number): Code => of(expressionOf(gateOf(operation)), sum(n))
  const read = (pointer: number) => [...get(pointer), ...load]
  const bodies: Readonly<Record<string, () => Code>> = {
    'simple next': () => [...get(at.h), ...of(act, sum(0)), ...store],
    'lstm next': () => [
      ...[...gate(1), ...read(at.c), ...times, ...gate(0), ...of(act, sum(2)), ...times, ...plus],
      ...[...set(x), ...get(at.c), ...get(x), ...store],
      ...[...get(at.h), ...gate(3), ...of(act, get(x)), ...times, ...store],
    ],
    'gru reset': () => [...get(at.rest), ...gate(1), ...read(at.h), ...times, ...store],
    'gru next': () => [
      ...[...gate(0), ...set(x), ...of(act, sum(2)), ...set(y)],
      ...[...get(at.h), ...get(x), ...read(at.h), ...times],
      ...[...number(1), ...get(x), ...minus, ...get(y), ...times, ...plus, ...store],
    ],
  }
  const pointers = [at.input, at.sums, at.h, at.c, at.rest]
  return toFunction(name, [
    ...[...get(at.length), ...set(at.left), ...get(at.length), ...constant(4), ...timesWhole],
    ...set(at.stride),
    ...countDown(at.left, [
      ...bodies[`${operation.cell} ${part}`]!(),
      ...pointers.flatMap((pointer) => increase(pointer, constant(4))),
    ]),
  ])
}
