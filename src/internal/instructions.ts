import { type Code, signed, unsigned } from './assembler.js'

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number): Code => [0x21, ...unsigned(local)]
export const tee = (local: number): Code => [0x22, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value)]
export const plus: Code = [0x6a]
export const minus: Code = [0x6b]
export const times: Code = [0x6c]
export const equals: Code = [0x46]
export const atLeast: Code = [0x4e]
export const shiftLeft: Code = [0x74]
/** a or b, of bits */
export const either: Code = [0x72]
/** a > b */
export const above: Code = [0x4a]
/** a < b of numbers without a sign, as addresses are */
export const below: Code = [0x49]
/** a where the condition is not 0, else b; both are worked out. */
export const choose = (condition: Code, a: Code, b: Code): Code => [...a, ...b, ...condition, 0x1b]

/** Loads an i32. */
export const word = (offset: number): Code => [0x28, 2, ...unsigned(offset)]

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

/** while (the i32 of the condition is not 0) { body } */
export const during = (condition: Code, body: Code): Code =>
  branch(condition, repeat([...body, ...condition]))

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
