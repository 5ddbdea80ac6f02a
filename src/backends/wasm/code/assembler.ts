/** Bytes of WebAssembly instructions. */
export type Code = readonly number[]

/** Value types. */
export const i32 = 0x7f
export const f32 = 0x7d
export const v128 = 0x7b

/**
 * An exported function without a result whose parameters are all i32. Locals are numbered after the
 * parameters.
 */
export interface WasmFunction {
  readonly name: string
  readonly parameters: number
  /** Number and type of the locals, in order; they start as 0. */
  readonly locals: readonly (readonly [count: number, type: number])[]
  readonly body: Code
}

// Numbers are LEB128: 7 bits a byte, lowest first, the top bit set on all bytes but the last.
const unsigned = (value: number): Code =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
const signed = (value: number): Code =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)]

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number): Code => [0x21, ...unsigned(local)]
export const tee = (local: number): Code => [0x22, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value)]
export const plus: Code = [0x6a]
export const minus: Code = [0x6b]
export const times: Code = [0x6c]
export const equals: Code = [0x46]
export const atLeast: Code = [0x4e]

/** memory.copy of target, source, length */
export const copyBytes: Code = [0xfc, 0x0a, 0, 0]

/** local += code */
export const increase = (local: number, by: Code): Code => [
  ...get(local),
  ...by,
  ...plus,
  ...set(local),
]

/** do { body } while (the i32 that the body leaves is not 0) */
export const repeat = (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b]

/** do { body } while (--counter) */
export const countDown = (counter: number, body: Code): Code =>
  repeat([...body, ...get(counter), ...constant(1), ...minus, ...tee(counter)])

/** if (condition) then; else otherwise */
export const branch = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...condition,
  0x04,
  0x40,
  ...then,
  0x05,
  ...otherwise,
  0x0b,
]

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
  /** a == b, as a mask */
  readonly same: Code
  /** a and not b, of masks */
  readonly without: Code
  /** a or b, of masks */
  readonly or: Code
  /** The value where the mask is set, else 0. */
  readonly where: (value: Code, mask: Code) => Code
}

const simd = (operation: number, ...immediates: Code): Code => [
  0xfd,
  ...unsigned(operation),
  ...immediates,
]

const and: Code = simd(0x4e)

export const four: Lanes = {
  count: 4,
  type: v128,
  maskType: v128,
  load: (offset) => simd(0x00, 2, ...unsigned(offset)),
  spread: (offset) => simd(0x09, 2, ...unsigned(offset)),
  store: (offset) => simd(0x0b, 2, ...unsigned(offset)),
  add: simd(0xe4),
  multiply: simd(0xe6),
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
  same: [0x5b],
  without: [0x4a], // a > b, of 0 and 1
  or: [0x72],
  where: (value, mask) => [...value, 0x43, 0, 0, 0, 0, ...mask, 0x1b],
}

/** Four of the eight floats of two vectors, numbered 0 to 7. */
export const shuffle = (...lanes: readonly [number, number, number, number]): Code =>
  simd(0x0d, ...lanes.flatMap((lane) => [lane * 4, lane * 4 + 1, lane * 4 + 2, lane * 4 + 3]))

interface KeepLocals {
  readonly values: number
  readonly mask: number
  readonly out: number
  /** v128 */
  readonly bits: number
}

/**
 * Writes the 16 floats at `values` whose bytes at `mask` are 1, and 0 for those whose bytes are 0,
 * to `out`.
 */
export const keepSixteen = ({ values, mask, out, bits }: KeepLocals): Code => {
  const negateBytes = simd(0x61) // of 0 and 1: no bit set, all bits set
  const spreadByte = (byte: number): Code => Array(4).fill(byte)
  const four16ths = (first: number): Code => [
    ...[...get(out), ...get(values), ...four.load(4 * first)],
    ...[
      ...get(bits),
      ...get(bits),
      ...simd(0x0d, ...[0, 1, 2, 3].flatMap((i) => spreadByte(first + i))),
    ],
    ...[...and, ...four.store(4 * first)],
  ]
  const load = [...get(mask), ...four.load(0), ...negateBytes, ...set(bits)]
  return [...load, ...four16ths(0), ...four16ths(4), ...four16ths(8), ...four16ths(12)]
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
const text = (value: string): Code => list([...value].map((character) => [character.charCodeAt(0)]))

const bodyOf = ({ locals, body }: WasmFunction): Code => {
  const content = [
    ...list(locals.map(([count, type]) => [...unsigned(count), type])),
    ...body,
    0x0b,
  ]
  return [...unsigned(content.length), ...content]
}

/**
 * Encodes a module that imports the memory `host.memory` and exports the functions.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function assemble(
  functions: readonly WasmFunction[],
  { shared }: { shared: boolean },
): Uint8Array<ArrayBuffer> {
  const memory = shared ? [3, 0, ...unsigned(65536)] : [0, 0]
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list(functions.map(({ parameters }) => [0x60, ...list(Array(parameters).fill([i32])), 0])),
    ),
    ...section(2, list([[...text('host'), ...text('memory'), 2, ...memory]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, list(functions.map(bodyOf))),
  ])
}
