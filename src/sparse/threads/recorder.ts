import type { Kernels } from '../kernels/kernels.js'
import { type Exports, kernelsOf } from '../kernels/kernels-of.js'
import type { Call } from './board.js'

/** Turns calls of kernels into calls of compiled functions, which it does not run. */
export function recorder(
  names: readonly string[],
): (calls: (kernels: Kernels) => void) => readonly Call[] {
  let recorded: Call[] = []
  const exports: Exports = Object.fromEntries(
    names.map((name, index) => [
      name,
      (...parameters: number[]) => {
        recorded.push([index, ...parameters])
      },
    ]),
  )
  const kernels = kernelsOf(exports)
  return (calls) => {
    recorded = []
    calls(kernels)
    return recorded
  }
}
