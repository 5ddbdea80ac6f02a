import type { Code, WasmFunction } from '../../../internal/assembler.js'
import {
  constant,
  copyBytes,
  countDown,
  get,
  increase,
  plus,
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { locals, next } from './locals.js'

export function copyFunction(name: string): WasmFunction {
  const { at, toFunction } = locals(['from', 'to', 'length'])
  return toFunction(name, [
    ...[...get(at.to), ...get(at.from), ...get(at.length), ...constant(2), ...shiftLeft],
    ...copyBytes,
  ])
}

/** memory.fill of target, byte, length */
const fillBytes: Code = [0xfc, 0x0b, 0]
const isBelow0: Code = [...constant(0), 0x48]

/** Runs of `bytes` that begin at places of the input in bytes, or are zeros: below 0. */
export function moveFunction(name: string): WasmFunction {
  const { at, toFunction } = locals(['from', 'to', 'starts', 'count', 'bytes'])
  const start = [...get(at.starts), ...word(0)]
  const body = countDown(at.count, [
    ...[...start, ...isBelow0, 0x04, 0x40],
    ...[...get(at.to), ...constant(0), ...get(at.bytes), ...fillBytes],
    0x05,
    ...[...get(at.to), ...get(at.from), ...start, ...plus, ...get(at.bytes), ...copyBytes],
    0x0b,
    ...[...increase(at.to, get(at.bytes)), ...next(at.starts)],
  ])
  return toFunction(name, body)
}
