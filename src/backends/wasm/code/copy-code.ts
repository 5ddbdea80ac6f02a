import type { WasmFunction } from '../../../internal/assembler.js'
import { copyBytes, countDown, get, increase } from '../../../internal/instructions.js'

const [rows, length, from, to, fromStep, toStep] = [0, 1, 2, 3, 4, 5] as const

/** Copies rows of so many bytes that lie some steps apart. */
export const rowCopy: WasmFunction = {
  name: 'copyRows',
  parameters: 6,
  locals: [],
  body: countDown(rows, [
    ...[...get(to), ...get(from), ...get(length), ...copyBytes],
    ...[...increase(from, get(fromStep)), ...increase(to, get(toStep))],
  ]),
}
