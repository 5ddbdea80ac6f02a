import type { Code } from '../../../internal/assembler.js'
import { branch, constant, get, set } from '../../../internal/instructions.js'
import { four, largerWhole, signBits } from '../../../internal/lanes.js'

/** Locals: vectors for the signs seen so far and for a value, and the number of the next turns. */
interface Locals {
  readonly signs: number
  readonly value: number
  /** Not 0 once a sign was seen. */
  readonly exact: number
}

/**
 * Code that looks for the largest floats. Those without a sign, as behind a ReLU, are as large as
 * their bits: one instruction, where hosts of Intel and AMD need eight for floats that may be NaN or
 * -0. Should a value have a sign, and NaN may, the code runs again and compares floats, as it does
 * from then on.
 *
 * @param largest The code, which lets each vector that it loads be seen.
 */
export function withoutSigns(
  { signs, value, exact }: Locals,
  largest: (see: (value: Code) => Code, larger: Code) => Code,
): Code {
  const see = (loaded: Code): Code => [
    ...[...loaded, ...set(value), ...get(value), ...get(signs), ...four.or, ...set(signs)],
    ...get(value),
  ]
  const exactly = largest((loaded) => loaded, four.larger)
  return branch(get(exact), exactly, [
    ...[...four.number(0), ...set(signs), ...largest(see, largerWhole)],
    ...branch([...get(signs), ...signBits], [...constant(1), ...set(exact), ...exactly]),
  ])
}
