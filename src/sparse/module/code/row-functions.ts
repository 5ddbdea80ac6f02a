import type { Code, WasmFunction } from '../../../internal/assembler.js'
import { countDown, get, set } from '../../../internal/instructions.js'
import {
  exponential,
  larger,
  load,
  logarithm,
  minus,
  number,
  over,
  plus,
  root,
  store,
  times,
} from './doubles.js'
import { locals, next } from './locals.js'

/** Softmax of rows that lie one behind the other, or its logarithm. */
export function softmaxFunction(name: string, log: boolean): WasmFunction {
  const { at, keep, toFunction } = locals(['at', 'rows', 'length'], ['place', 'left'])
  const [largest, total, x] = [keep(), keep(), keep()]
  const each = (body: Code): Code => [
    ...[...get(at.at), ...set(at.place), ...get(at.length), ...set(at.left)],
    ...countDown(at.left, [...body, ...next(at.place)]),
  ]
  const read = [...get(at.place), ...load]
  const body = countDown(at.rows, [
    ...[...number(-Infinity), ...set(largest), ...number(0), ...set(total)],
    ...each([...get(largest), ...read, ...larger, ...set(largest)]),
    ...each([
      ...[...read, ...get(largest), ...minus, ...set(x)],
      ...(log ? [...get(at.place), ...get(x), ...store] : []),
      ...[...exponential(x, keep), ...set(x)],
      ...(log ? [] : [...get(at.place), ...get(x), ...store]),
      ...[...get(total), ...get(x), ...plus, ...set(total)],
    ]),
    ...(log ? [...logarithm(total, keep), ...set(total)] : []),
    ...each([...[...get(at.place), ...read, ...get(total), ...(log ? minus : over), ...store]]),
    ...[...get(at.place), ...set(at.at)],
  ])
  return toFunction(name, body)
}

/** Layer normalisation of rows that lie one behind the other. */
export function normaliseFunction(name: string, epsilon: number): WasmFunction {
  const { at, keep, toFunction } = locals(
    ['at', 'rows', 'length', 'factors', 'terms'],
    ['place', 'left', 'factor', 'term'],
  )
  const [mean, sum, scale, x, count] = [keep(), keep(), keep(), keep(), keep()]
  const each = (body: Code): Code => [
    ...[...get(at.at), ...set(at.place), ...get(at.length), ...set(at.left)],
    ...countDown(at.left, [...body, ...next(at.place)]),
  ]
  const read = [...get(at.place), ...load]
  const body: Code = [
    ...[...get(at.length), 0xb7, ...set(count)], // f64.convert_i32_s
    ...countDown(at.rows, [
      ...[...number(0), ...set(mean), ...number(0), ...set(sum)],
      ...each([...get(mean), ...read, ...plus, ...set(mean)]),
      ...[...get(mean), ...get(count), ...over, ...set(mean)],
      ...each([
        ...[...read, ...get(mean), ...minus, ...set(x)],
        ...[...get(sum), ...get(x), ...get(x), ...times, ...plus, ...set(sum)],
      ]),
      ...[...number(1), ...get(sum), ...get(count), ...over, ...number(epsilon), ...plus],
      ...[...root, ...over, ...set(scale)],
      ...[...get(at.factors), ...set(at.factor), ...get(at.terms), ...set(at.term)],
      ...each([
        ...[...get(at.place), ...read, ...get(mean), ...minus, ...get(scale), ...times],
        ...[...get(at.factor), ...load, ...times, ...get(at.term), ...load, ...plus],
        ...[...store, ...next(at.factor, at.term)],
      ]),
      ...[...get(at.place), ...set(at.at)],
    ]),
  ]
  return toFunction(name, body)
}
