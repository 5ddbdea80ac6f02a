import type { Code } from '../../../internal/assembler.js'
import {
  constant,
  get,
  increase,
  plus,
  set,
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { and, four, simd, storeLane } from '../../../internal/lanes.js'
import { loadMask } from './load-mask.js'

/** The elements that an update is for: all, those that a mask keeps, or those at some places. */
export type UpdateWay = 'all' | 'masked' | 'placed'

/** How four elements are read and written. */
export interface UpdateAccess {
  /** Finds the next four. */
  readonly begin: Code
  readonly load: (pointer: number) => Code
  readonly store: (pointer: number, value: Code) => Code
  /** The value of elements that are kept, 0 of the others. */
  readonly kept: (value: Code) => Code
  readonly next: (pointers: readonly number[]) => Code
}

interface AccessLocals {
  /** Pointer to the mask, or to the places. */
  readonly guide: number
  /** v128 */
  readonly bits: number
  readonly value: number
  /** The first of four i32. */
  readonly offsets: number
}

const LANES = [0, 1, 2, 3] as const

export function updateAccess(way: UpdateWay, locals: AccessLocals): UpdateAccess {
  const { guide, bits } = locals
  if (way === 'placed') return placed(locals)
  const isMasked = way === 'masked'
  return {
    begin: isMasked ? loadMask(guide, bits) : [],
    load: (pointer) => [...get(pointer), ...four.load(0)],
    store: (pointer, value) => [...get(pointer), ...value, ...four.store(0)],
    kept: (value) => (isMasked ? [...value, ...get(bits), ...and] : value),
    next: (pointers) => [
      ...pointers.flatMap((pointer) => increase(pointer, constant(16))),
      ...(isMasked ? increase(guide, constant(4)) : []),
    ],
  }
}

/** Four floats anywhere behind a pointer, by their places. */
function placed({ guide, value, offsets }: AccessLocals): UpdateAccess {
  const address = (pointer: number, lane: number): Code => [
    ...[...get(pointer), ...get(offsets + lane), ...plus],
  ]
  const loadLane = (lane: number) => simd(0x56, 2, 0, lane)
  return {
    begin: LANES.flatMap((lane) => [
      ...[...get(guide), ...word(4 * lane), ...constant(2), ...shiftLeft, ...set(offsets + lane)],
    ]),
    // The addresses first: each lane is loaded into the vector that the last one left.
    load: (pointer) => [
      ...[...address(pointer, 3), ...address(pointer, 2), ...address(pointer, 1)],
      ...[...address(pointer, 0), ...simd(0x5c, 2, 0)],
      ...[1, 2, 3].flatMap(loadLane),
    ],
    store: (pointer, code) => [
      ...[...code, ...set(value)],
      ...LANES.flatMap((lane) => [...address(pointer, lane), ...get(value), ...storeLane(lane)]),
    ],
    kept: (code) => code,
    next: () => increase(guide, constant(16)),
  }
}
