/** Bytes of WebAssembly instructions. */
export type Code = readonly number[]

/** Value types. */
export const i32 = 0x7f
export const f32 = 0x7d
export const v128 = 0x7b

/** An exported function without a result. Locals are numbered after the parameters. */
export interface WasmFunction {
  readonly name: string
  /** The types of the parameters, or their number where all are i32. */
  readonly parameters: number | Code
  /** Number and type of the locals, in order; they start as 0. */
  readonly locals: readonly (readonly [count: number, type: number])[]
  readonly body: Code
}

// Numbers are LEB128: 7 bits a byte, lowest first, the top bit set on all bytes but the last.
export const unsigned = (value: number): Code =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
export const signed = (value: number): Code =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)]

export const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
export const section = (id: number, content: Code): Code => [
  id,
  ...unsigned(content.length),
  ...content,
]
export const text = (value: string): Code =>
  list([...value].map((character) => [character.charCodeAt(0)]))

/** The types of parameters. */
export const typesOf = (parameters: number | Code): readonly Code[] =>
  typeof parameters === 'number' ? Array(parameters).fill([i32]) : parameters.map((type) => [type])

/** The code of a function, with its locals and its length. */
export const bodyOf = ({ locals, body }: Pick<WasmFunction, 'locals' | 'body'>): Code => {
  const content = [
    ...list(locals.map(([count, type]) => [...unsigned(count), type])),
    ...body,
    0x0b,
  ]
  return [...unsigned(content.length), ...content]
}

/** The bytes that a module begins with. */
export const PREAMBLE: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

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
    ...PREAMBLE,
    ...section(1, list(functions.map(({ parameters }) => [0x60, ...list(typesOf(parameters)), 0]))),
    ...section(2, list([[...text('host'), ...text('memory'), 2, ...memory]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, list(functions.map(bodyOf))),
  ])
}
