import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'

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

export const each = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, index) => code(index)).flat()
