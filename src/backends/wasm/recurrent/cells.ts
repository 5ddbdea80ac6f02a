import type { WasmFunction } from '../../../internal/assembler.js'
import type { CellCurves } from '../code/cell-loop.js'
import { gruCode } from '../code/gru-code.js'
import { lstmCode } from '../code/lstm-code.js'
import { simpleCellCode } from '../code/simple-cell-code.js'

/** Where the parts of a step begin. The gates of a row lie side by side. */
export interface StepPlaces {
  readonly gates: number
  readonly hBefore: number
  readonly h: number
  /** What the cell keeps beside h: c of an LSTM, r h_before of a GRU. */
  readonly extra: number
  readonly extraBefore: number
}

/** Gradients of the states, which go from step to step, and room for one more. */
export interface BackPlaces {
  readonly dh: number
  readonly dc: number
  readonly scratch: number
}

/** Some gates that lie side by side. */
export interface GateRange {
  readonly from: number
  readonly to: number
}

/** The parts that a step is made of; matrices are `[batch, units]`. */
export interface StepTools {
  /** Runs code of the cell on the gates of these numbers and the states at these places. */
  readonly run: (name: string, gates: readonly number[], states: readonly number[]) => void
  /** Adds the product of a state and the recurrent kernel to the gates of this product. */
  readonly forth: (product: number, state: number) => void
  /** The product of the gates' gradients and the transposed kernel, into or onto a state. */
  readonly back: (product: number, state: number, accumulate: boolean) => void
}

/** A recurrent cell as steps forth and back. */
export interface Cell {
  readonly gates: number
  /** What `extra` holds: also a state before the first step, one value a step, or nothing. */
  readonly extra: 'state' | 'value' | 'none'
  readonly code: (curves: CellCurves) => WasmFunction[]
  /** The gates that one product with the recurrent kernel is for, of h_before or of `extra`. */
  readonly products: readonly (GateRange & { readonly of: 'hBefore' | 'extra' })[]
  readonly forth: (tools: StepTools, places: StepPlaces) => void
  /** dh is the gradient of h, and afterwards that of h_before. */
  readonly back: (tools: StepTools, places: StepPlaces & BackPlaces) => void
}

const simple: Cell = {
  gates: 1,
  extra: 'none',
  code: simpleCellCode,
  products: [{ from: 0, to: 1, of: 'hBefore' }],
  forth: ({ forth, run }, { hBefore, h }) => {
    forth(0, hBefore)
    run('forward', [0], [h])
  },
  back: ({ run, back }, { dh }) => {
    run('backward', [0], [dh])
    back(0, dh, false)
  },
}

const lstm: Cell = {
  gates: 4,
  extra: 'state',
  code: lstmCode,
  products: [{ from: 0, to: 4, of: 'hBefore' }],
  forth: ({ forth, run }, { hBefore, h, extraBefore, extra }) => {
    forth(0, hBefore)
    run('forward', [0, 1, 2, 3], [extraBefore, extra, h])
  },
  back: ({ run, back }, { extraBefore, extra, dh, dc }) => {
    run('backward', [0, 1, 2, 3], [extraBefore, extra, dh, dc])
    back(0, dh, false)
  },
}

const gru: Cell = {
  gates: 3,
  extra: 'value',
  code: gruCode,
  products: [
    { from: 0, to: 2, of: 'hBefore' },
    { from: 2, to: 3, of: 'extra' },
  ],
  forth: ({ forth, run }, { hBefore, h, extra }) => {
    forth(0, hBefore)
    run('reset', [0, 1], [hBefore, extra])
    forth(1, extra)
    run('update', [0, 2], [hBefore, h])
  },
  back: ({ run, back }, { hBefore, dh, scratch }) => {
    run('backUpdate', [0, 2], [hBefore, dh])
    back(1, scratch, false)
    run('backReset', [1], [hBefore, scratch, dh])
    back(0, dh, true)
  },
}

/** The cells that are known, by the class names of their layers. */
export const cells = { SimpleRNN: simple, LSTM: lstm, GRU: gru } satisfies Record<string, Cell>

/** Class name of a recurrent layer whose cell is known. */
export type CellName = keyof typeof cells
