import { i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'

// Rows, and columns in groups of lanes; places; what lies between the groups of one row and those
// of the next, in bytes.
const [rows, groups, x, bias, out, skip] = [0, 1, 2, 3, 4, 5] as const
const [iGroup, at] = [6, 7] as const

/** out[row, column] = x[row, column] + bias[column] */
function addBias(name: string, { count, load, add, store }: Lanes): WasmFunction {
  return {
    name,
    parameters: 6,
    locals: [[2, i32]],
    body: countDown(rows, [
      ...[...get(bias), ...set(at), ...get(groups), ...set(iGroup)],
      ...countDown(iGroup, [
        ...[...get(out), ...get(x), ...load(0), ...get(at), ...load(0), ...add, ...store(0)],
        ...[x, out, at].flatMap((pointer) => increase(pointer, constant(count * 4))),
      ]),
      ...[...increase(x, get(skip)), ...increase(out, get(skip))],
    ]),
  }
}

export const biasAdditions: readonly WasmFunction[] = [
  addBias('addBias4', four),
  addBias('addBias1', one),
]
