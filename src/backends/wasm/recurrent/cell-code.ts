import { type CurveName, curves } from '../code/curves.js'
import { compiledOnce } from '../engine/compiled-once.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { type CellName, cells } from './cells.js'

/** A cell with its activations. */
export interface CellKind {
  readonly cell: CellName
  readonly activation: CurveName
  /** That of the gates; a SimpleRNN has none. */
  readonly gate: CurveName
}

/** The compiled steps of a cell, made once a backend and kind. */
export const cellCode = (engine: Engine, { cell, activation, gate }: CellKind): Compiled =>
  compiledOnce(engine, `${cell} ${activation} ${gate}`, () =>
    cells[cell].code({ activation: curves[activation], gate: curves[gate] }),
  )
