import type { Code, WasmFunction } from '../../../internal/assembler.js'
import { countDown, get, plus, set, word } from '../../../internal/instructions.js'
import { one } from '../../../internal/lanes.js'
import type { Activate, Merge } from '../../network/network.js'
import { expressionOf } from './activations.js'
import { above, choose, load, number, store, times } from './doubles.js'
import { locals, next } from './locals.js'

/** to[i] = f(from[i]) */
export function activateFunction(name: string, operation: Activate): WasmFunction {
  const { at, keep, toFunction } = locals(['from', 'to', 'length'])
  const x = keep()
  const body = countDown(at.length, [
    ...[...get(at.from), ...load, ...set(x)],
    ...[...get(at.to), ...expressionOf(operation)(x, keep), ...store, ...next(at.from, at.to)],
  ])
  return toFunction(name, body)
}

/** to[i] = from[i] where that is above 0, else from[i] * alpha[i] */
export function parametricReluFunction(name: string): WasmFunction {
  const { at, keep, toFunction } = locals(['from', 'to', 'alpha', 'length'])
  const x = keep()
  const body = countDown(at.length, [
    ...[...get(at.from), ...load, ...set(x), ...get(at.to)],
    ...choose(
      get(x),
      [...get(x), ...get(at.alpha), ...load, ...times],
      [...get(x), ...number(0), ...above],
    ),
    ...[...store, ...next(at.from, at.to, at.alpha)],
  ])
  return toFunction(name, body)
}

/** The instruction that joins two floats. */
const joins: Readonly<Record<Merge['of'], Code>> = {
  add: [0x92],
  average: [0x92],
  subtract: [0x93],
  multiply: [0x94],
  minimum: [0x96],
  maximum: [0x97],
}

/** out[i] = a[i] of b[i] */
export function joinFunction(name: string, of: Merge['of']): WasmFunction {
  const { at, toFunction } = locals(['a', 'b', 'out', 'length'])
  const body = countDown(at.length, [
    ...[...get(at.out), ...get(at.a), ...one.load(0), ...get(at.b), ...one.load(0), ...joins[of]],
    ...[...one.store(0), ...next(at.a, at.b, at.out)],
  ])
  return toFunction(name, body)
}

/** to[i] = from[table[i]], or to[i] of from[table[i]]; the table holds bytes. */
export function spreadFunction(name: string, of?: Merge['of']): WasmFunction {
  const { at, toFunction } = locals(['from', 'to', 'table', 'length'])
  const read = [...get(at.from), ...get(at.table), ...word(0), ...plus, ...one.load(0)]
  const body = countDown(at.length, [
    ...get(at.to),
    ...(of ? [...get(at.to), ...one.load(0), ...read, ...joins[of]] : read),
    ...[...one.store(0), ...next(at.to, at.table)],
  ])
  return toFunction(name, body)
}

/** Divides in place by a whole number. */
export function divideFunction(name: string): WasmFunction {
  const { at, toFunction } = locals(['at', 'length', 'by'])
  const body = countDown(at.length, [
    ...[...get(at.at), ...get(at.at), ...one.load(0), ...get(at.by), 0xb2, 0x95], // f32.convert, div
    ...[...one.store(0), ...next(at.at)],
  ])
  return toFunction(name, body)
}
