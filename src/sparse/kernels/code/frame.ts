import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { above, branch, constant, get } from '../../../internal/instructions.js'

/** Parameters and locals of a function by name, all of them i32, and sums behind them. */
export interface Frame<Name extends string> {
  readonly at: Readonly<Record<Name, number>>
  /** Number of the first local that is no i32. */
  readonly next: number
  /** The function, with so many more locals of a type. */
  readonly toFunction: (
    name: string,
    more: readonly (readonly [count: number, type: number])[],
    body: Code,
  ) => WasmFunction
}

export function frame<const Name extends string>(
  parameters: readonly Name[],
  locals: readonly Name[],
): Frame<Name> {
  const names = [...parameters, ...locals]
  return {
    at: Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>,
    next: names.length,
    toFunction: (name, more, body) => ({
      name,
      parameters: parameters.length,
      locals: [[locals.length, i32], ...more],
      body,
    }),
  }
}

/** Code for the first of `most`, as many as a local says: one at least. */
export const upTo = (
  count: number,
  most: number,
  code: (index: number) => Code,
  index = 0,
): Code => [
  ...code(index),
  ...(index + 1 < most
    ? branch([...get(count), ...constant(index + 1), ...above], upTo(count, most, code, index + 1))
    : []),
]

export const each = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, index) => code(index)).flat()
