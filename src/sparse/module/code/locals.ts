import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, increase } from '../../../internal/instructions.js'
import { f64, type Keep } from './doubles.js'

/** Locals of a function by name, i32 first, then doubles as they are asked for. */
interface Locals<Name extends string> {
  readonly at: Readonly<Record<Name, number>>
  readonly keep: Keep
  readonly toFunction: (name: string, body: Code) => WasmFunction
}

export function locals<const Name extends string>(
  parameters: readonly Name[],
  more: readonly Name[] = [],
): Locals<Name> {
  const names = [...parameters, ...more]
  let doubles = 0
  return {
    at: Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>,
    keep: () => names.length + doubles++,
    toFunction: (name, body) => ({
      ...{ name, parameters: parameters.length, body },
      locals: [
        [more.length, i32],
        [doubles, f64],
      ],
    }),
  }
}

/** Steps pointers on by a float each. */
export const next = (...pointers: readonly number[]): Code =>
  pointers.flatMap((pointer) => increase(pointer, constant(4)))
