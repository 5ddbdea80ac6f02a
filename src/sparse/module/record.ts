import type { WasmFunction } from '../../internal/assembler.js'
import type { Exports } from '../kernels/kernels-of.js'
import type { Recurrent } from '../network/network.js'
import type { Constants } from '../programs/layout/memory.js'
import type { CellPlaces, ElementLoops } from '../programs/loops/element-loops.js'
import { cellFunction } from './code/cell-functions.js'
import {
  activateFunction,
  divideFunction,
  joinFunction,
  parametricReluFunction,
  spreadFunction,
} from './code/element-functions.js'
import { copyFunction, moveFunction } from './code/move-functions.js'
import { normaliseFunction, softmaxFunction } from './code/row-functions.js'

/** A call of a function by name. */
export interface Call {
  readonly name: string
  readonly parameters: readonly number[]
}

/** Writes the calls of a run down, or lets them be done. */
export interface Recorder {
  readonly calls: readonly Call[]
  /** The functions of the loops that were made, by name. */
  readonly made: ReadonlyMap<string, WasmFunction>
  /** Calls are written down and not done until the function has returned. */
  readonly record: (run: () => void) => void
  /** The compiled kernels, whose calls are written down as well. */
  readonly exports: (compiled: Exports) => Exports
  /** The loops in JavaScript, and their functions in the module. */
  readonly loops: (plain: ElementLoops, constants: Constants) => ElementLoops
}

/** A loop in JavaScript, and the parameters of its function in the module. */
interface Both<P> {
  readonly plain: (places: P) => void
  readonly parameters: (places: P) => readonly number[]
}

/** Makes the function of a name, once, and the loop that is done, or written down as its call. */
type Loop = <P>(
  name: string,
  make: (name: string) => WasmFunction,
  both: Both<P>,
) => (places: P) => void

export function createRecorder(): Recorder {
  const calls: Call[] = []
  const made = new Map<string, WasmFunction>()
  let isRecording = false
  const loop: Loop = (name, make, { plain, parameters }) => {
    if (!made.has(name)) made.set(name, make(name))
    return (places) => {
      if (isRecording) calls.push({ name, parameters: parameters(places) })
      else plain(places)
    }
  }
  return {
    ...{ calls, made },
    record: (run) => {
      isRecording = true
      run()
      isRecording = false
    },
    exports: (compiled) =>
      Object.fromEntries(
        Object.entries(compiled).map(([name, own]) => [
          name,
          (...parameters: number[]) => {
            if (isRecording) calls.push({ name, parameters })
            else own(...parameters)
          },
        ]),
      ),
    loops: (plain, constants) => recordedLoops(plain, { constants, loop }),
  }
}

/** The loops for one sample after the other: elements lie side by side. */
function recordedLoops(
  plain: ElementLoops,
  { constants, loop }: { readonly constants: Constants; readonly loop: Loop },
): ElementLoops {
  const bytes = (table: Int32Array) => constants.place(table.map((i) => (i < 0 ? -1 : i * 4)))
  return {
    activate: (operation) =>
      loop(`activate ${JSON.stringify(operation)}`, (name) => activateFunction(name, operation), {
        plain: plain.activate(operation),
        parameters: ({ from, to, length }) => [from, to, length],
      }),
    parametricRelu: (alpha, lanes) => {
      const factors = constants.place(alpha)
      return loop('parametricRelu', parametricReluFunction, {
        plain: plain.parametricRelu(alpha, lanes),
        parameters: ({ from, to }) => [from, to, factors, alpha.length],
      })
    },
    softmax: (of) =>
      loop(`softmax ${of.log}`, (name) => softmaxFunction(name, of.log), {
        plain: plain.softmax(of),
        parameters: (at) => [at, of.rows, of.length],
      }),
    normaliseRows: (of) => {
      const [factors, terms] = [constants.place(of.factors), constants.place(of.terms)]
      return loop(`normalise ${of.epsilon}`, (name) => normaliseFunction(name, of.epsilon), {
        plain: plain.normaliseRows(of),
        parameters: (at) => [at, of.rows, of.length, factors, terms],
      })
    },
    join: (of) =>
      loop(`join ${of}`, (name) => joinFunction(name, of), {
        plain: plain.join(of),
        parameters: ({ a, b, out, length }) => [a, b, out, length],
      }),
    spread: (table, lanes) => {
      const places = bytes(table)
      return loop('spread', (name) => spreadFunction(name), {
        plain: plain.spread(table, lanes),
        parameters: ({ from, to }) => [from, to, places, table.length],
      })
    },
    joinSpread: (of, spread) => {
      const places = bytes(spread.table)
      return loop(`spread ${of}`, (name) => spreadFunction(name, of), {
        plain: plain.joinSpread(of, spread),
        parameters: ({ from, to }) => [from, to, places, spread.table.length],
      })
    },
    divide: (by) =>
      loop('divide', divideFunction, {
        plain: plain.divide(by),
        parameters: ({ at, length }) => [at, length, by],
      }),
    copy: loop('copy', copyFunction, {
      plain: plain.copy,
      parameters: ({ from, to, length }) => [from, to, length],
    }),
    move: (runs) => {
      const starts = bytes(runs.starts)
      return loop('move', moveFunction, {
        plain: plain.move(runs),
        parameters: ({ from, to }) => [from, to, starts, runs.starts.length, runs.length * 4],
      })
    },
    cell: (operation) => {
      const { reset, next } = plain.cell(operation)
      const part = (which: 'reset' | 'next', own: (places: CellPlaces) => void) =>
        loop(`${which} ${cellKey(operation)}`, (name) => cellFunction(name, operation, which), {
          plain: own,
          parameters: ({ length, input, sums, h, c, rest }) => [length, input, sums, h, c, rest],
        })
      return { ...(reset && { reset: part('reset', reset) }), next: part('next', next) }
    },
  }
}

const cellKey = ({ cell, activation, recurrentActivation }: Recurrent) =>
  JSON.stringify([cell, activation, recurrentActivation])
