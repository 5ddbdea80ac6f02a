import { type Code, f32, i32, unsigned, v128 } from './assembler.js'

/** The instructions of one lane type: 4 floats at once, or one. */
export interface Lanes {
  readonly count: 4 | 1
  readonly type: number
  /** Type of a comparison's result. */
  readonly maskType: number
  readonly load: (offset: number) => Code
  /** Loads one float into every lane. */
  readonly spread: (offset: number) => Code
  readonly store: (offset: number) => Code
  readonly add: Code
  readonly multiply: Code
  /** The larger of two, NaN where one is. */
  readonly larger: Code
  /** The first of two, or the second where that is larger: NaN stays NaN. */
  readonly raise: (value: Code, least: Code) => Code
  /** The first of two, or the second where that is smaller: NaN stays NaN. */
  readonly lower: (value: Code, most: Code) => Code
  /** One number in every lane. */
  readonly number: (value: number) => Code
  /** Puts a float into every lane. */
  readonly fill: Code
  /** a == b, as a mask */
  readonly same: Code
  /** a and not b, of masks */
  readonly without: Code
  /** a or b, of masks */
  readonly or: Code
  /** The value where the mask is set, else 0. */
  readonly where: (value: Code, mask: Code) => Code
}

export const simd = (operation: number, ...immediates: Code): Code => [
  0xfd,
  ...unsigned(operation),
  ...immediates,
]

const float = (value: number): Code => [
  0x43,
  ...new Uint8Array(new Float32Array([value]).buffer), // little-endian, as all hosts of today are
]

/** a * b + c of 4 floats, rounded once or twice as is fastest on the host: relaxed SIMD. */
export const relaxedMultiplyAdd: Code = simd(0x105)

export const and: Code = simd(0x4e)

export const four: Lanes = {
  count: 4,
  type: v128,
  maskType: v128,
  load: (offset) => simd(0x00, 2, ...unsigned(offset)),
  spread: (offset) => simd(0x09, 2, ...unsigned(offset)),
  store: (offset) => simd(0x0b, 2, ...unsigned(offset)),
  add: simd(0xe4),
  multiply: simd(0xe6),
  larger: simd(0xe9),
  raise: (value, least) => [...value, ...least, ...simd(0xeb)],
  lower: (value, most) => [...value, ...most, ...simd(0xea)],
  number: (value) => [...float(value), ...simd(0x13)],
  fill: simd(0x13),
  same: simd(0x41),
  without: simd(0x4f),
  or: simd(0x50),
  where: (value, mask) => [...value, ...mask, ...and],
}

export const one: Lanes = {
  count: 1,
  type: f32,
  maskType: i32,
  load: (offset) => [0x2a, 2, ...unsigned(offset)],
  spread: (offset) => [0x2a, 2, ...unsigned(offset)],
  store: (offset) => [0x38, 2, ...unsigned(offset)],
  add: [0x92],
  multiply: [0x94],
  larger: [0x97],
  raise: (value, least) => [...least, ...value, ...value, ...least, 0x5d, 0x1b],
  lower: (value, most) => [...most, ...value, ...most, ...value, 0x5d, 0x1b],
  number: float,
  fill: [],
  same: [0x5b],
  without: [0x4a], // a > b, of 0 and 1
  or: [0x72],
  where: (value, mask) => [...value, 0x43, 0, 0, 0, 0, ...mask, 0x1b],
}

/** The larger of whole numbers, 4 of each. */
export const largerWhole: Code = simd(0xb8)

/** 4 floats without their signs. */
export const magnitude: Code = simd(0xe0)

/** A bit for each of 4 lanes: its sign. */
export const signBits: Code = simd(0xa4)

/** Stores one of the floats of a vector. */
export const storeLane = (lane: number): Code => simd(0x5a, 2, 0, lane)

/** Four of the eight floats of two vectors, numbered 0 to 7. */
export const shuffle = (...lanes: readonly [number, number, number, number]): Code =>
  simd(0x0d, ...lanes.flatMap((lane) => [lane * 4, lane * 4 + 1, lane * 4 + 2, lane * 4 + 3]))
