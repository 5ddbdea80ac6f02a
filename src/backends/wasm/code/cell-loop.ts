import { type Code, i32, type WasmFunction } from '../../../internal/assembler.js'
import { constant, countDown, get, increase, plus, set } from '../../../internal/instructions.js'
import { type Arithmetic, arithmetics, assign } from './arithmetic.js'
import type { Curve } from './curves.js'

/** The curves of a cell. */
export interface CellCurves {
  readonly activation: Curve
  /** That of the gates. */
  readonly gate: Curve
}

/** Writes the instructions for one group of lanes. */
export interface CellWriter extends Arithmetic {
  /** Loads the kept gate of this number. */
  readonly gate: (index: number) => Code
  readonly storeGate: (index: number, value: Code) => Code
  /** Stores the gradient of a gate. */
  readonly storeSlope: (index: number, value: Code) => Code
  readonly state: (index: number) => Code
  readonly storeState: (index: number, value: Code) => Code
  /** The first of the locals of the lanes' type. */
  readonly first: number
}

interface CellLoop {
  readonly name: string
  /** Pointers to gates and to states. */
  readonly gates: number
  readonly states: number
  /** Of the lanes' type. */
  readonly locals: number
}

// Of the gates, rows of a step lie side by side: gateSkip and stateSkip are what lies between the
// groups of one row and those of the next; slopes lie at a fixed distance from gates. All in bytes.
const [rows, groups, gateSkip, stateSkip, slopes] = [0, 1, 2, 3, 4] as const
const firstPointer = 5

/** The loop over the rows and the units of a step, for 4 units at once and for one. */
export function cellLoops(
  { name, gates, states, locals }: CellLoop,
  body: (writer: CellWriter) => Code,
): WasmFunction[] {
  const pointer = (index: number) => firstPointer + index
  const group = pointer(gates + states)
  const all = Array.from({ length: gates + states }, (_, index) => index)
  return arithmetics.map((lanes) => {
    const { load, store, count, type } = lanes
    const at = (index: number): Code => get(pointer(index))
    const stored = (place: Code, value: Code): Code => [...place, ...value, ...store(0)]
    const writer: CellWriter = {
      ...lanes,
      gate: (index) => [...at(index), ...load(0)],
      storeGate: (index, value) => stored(at(index), value),
      storeSlope: (index, value) => stored([...at(index), ...get(slopes), ...plus], value),
      state: (index) => [...at(gates + index), ...load(0)],
      storeState: (index, value) => stored(at(gates + index), value),
      first: group + 1,
    }
    return {
      name: name + count,
      parameters: group,
      locals: [
        [1, i32],
        [locals, type],
      ],
      body: countDown(rows, [
        ...[...get(groups), ...set(group)],
        ...countDown(group, [
          ...body(writer),
          ...all.flatMap((index) => increase(pointer(index), constant(count * 4))),
        ]),
        ...all.flatMap((index) =>
          increase(pointer(index), get(index < gates ? gateSkip : stateSkip)),
        ),
      ]),
    }
  })
}

/** The gate in `local`, of which `curve` is kept, in the memory too. */
export function keepGate(
  writer: CellWriter,
  { index, local, curve, scratch }: { index: number; local: number; curve: Curve; scratch: number },
): Code {
  return [
    ...assign(local, writer.gate(index)),
    ...curve.keep(writer, local, scratch),
    ...writer.storeGate(index, get(local)),
  ]
}
