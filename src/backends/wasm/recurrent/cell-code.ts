import { type CurveName, curves } from '../code/curves.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { type CellName, cells } from './cells.js'

/** A cell with its activations. */
export interface CellKind {
  readonly cell: CellName
  readonly activation: CurveName
  /** That of the gates; a SimpleRNN has none. */
  readonly gate: CurveName
}

const known = new WeakMap<Engine, Map<string, Compiled>>()

/** The compiled steps of a cell, made once a backend and kind. */
export function cellCode(engine: Engine, { cell, activation, gate }: CellKind): Compiled {
  const ofEngine = known.get(engine) ?? new Map<string, Compiled>()
  known.set(engine, ofEngine)
  const key = `${cell} ${activation} ${gate}`
  const found = ofEngine.get(key)
  if (found) return found
  const code = cells[cell].code({ activation: curves[activation], gate: curves[gate] })
  const compiled: Compiled = Object.assign({}, ...code.map((each) => engine.compile!(each)))
  ofEngine.set(key, compiled)
  return compiled
}
