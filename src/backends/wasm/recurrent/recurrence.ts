import type { TensorInfo } from '@tensorflow/tfjs-core'
import { indexOf, type KernelCall, type WasmBackend, withScratch } from '../engine/backend.js'
import type { Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { type CellKind, cellCode } from './cell-code.js'
import { type Cell, cells } from './cells.js'
import { type Lengths, packForth, runCode, stepTools } from './step-tools.js'

/** Attributes of both kernels of a recurrent layer. */
export interface RecurrenceAttributes extends CellKind {
  /** The value is h of all steps, `[batch, steps, units]`, not of the last one. */
  readonly sequences: boolean
  /** The last step comes first. */
  readonly backwards: boolean
}

/** All that both kernels of a call need to know. */
export interface Recurrence {
  readonly backend: WasmBackend
  readonly engine: Engine
  readonly cell: Cell
  readonly run: ReturnType<typeof runCode>
  readonly lengths: Lengths
  readonly attributes: RecurrenceAttributes
}

/** Kernel of inputs `sums`, `kernel`, `h` and, for an LSTM, `c`. */
export const RECURRENCE = 'tfjs-prune>Recurrence'

/** Reads what a kernel was asked for; `batch` rows, and so many rows of sums in all. */
export function recurrenceOf(
  { backend, attrs }: KernelCall,
  { kernel, batch, rows }: { kernel: TensorInfo; batch: number; rows: number },
): Recurrence {
  const attributes = attrs as unknown as RecurrenceAttributes
  const [engine, cell] = [engineOf(backend), cells[attributes.cell] as Cell]
  const [units, width] = kernel.shape as [number, number]
  const lengths = { steps: rows / batch, batch, units, width }
  const run = runCode(cellCode(engine, attributes), lengths)
  return { backend, engine, cell, run, lengths, attributes }
}

/** Where the parts of a step begin, h and c of before the first step in front. */
export function placesOf(
  { cell, lengths: { batch, units, width } }: Recurrence,
  { states, gates, extra }: { states: number; gates: number; extra: number },
  step: number,
) {
  const size = batch * units
  const before = extra + step * size
  return {
    gates: gates + step * batch * width,
    hBefore: states + step * size,
    h: states + (step + 1) * size,
    extraBefore: before,
    extra: cell.extra === 'state' ? before + size : before,
  }
}

/** Copies rows between one step and a place in `[batch, steps, length]`. */
export function copyStep(
  { engine, lengths: { steps, batch } }: Recurrence,
  { apart, step, at, length }: Record<'apart' | 'step' | 'at' | 'length', number>,
  { into }: { into: 'step' | 'apart' },
): void {
  const far = { place: apart + at * length, step: steps * length }
  const near = { place: step, step: length }
  const [from, to] = into === 'step' ? [far, near] : [near, far]
  engine.copyRows(
    { rows: batch, length, fromStep: from.step, toStep: to.step },
    { from: from.place, to: to.place },
  )
}

/** The steps of a recurrent layer, from the products of its inputs on. */
export function recurrence(call: KernelCall): TensorInfo[] {
  const { sums, kernel, h, c } = call.inputs as Record<string, TensorInfo>
  const [rows, batch] = [sums!.shape[0]!, h!.shape[0]!]
  const its = recurrenceOf(call, { kernel: kernel!, batch, rows })
  const { backend, cell, attributes } = its
  const { steps, units, width } = its.lengths
  const made = (...shape: number[]) => backend.makeOutput(shape, 'float32')
  const value = attributes.sequences ? made(batch, steps, units) : made(batch, units)
  const [states, gates] = [made(steps + 1, batch, units), made(steps, batch, width)]
  const extra = cell.extra === 'none' ? [] : [made(steps + +(cell.extra === 'state'), batch, units)]
  const at = (tensor: TensorInfo) => indexOf(backend, tensor)
  const places = { states: at(states), gates: at(gates), extra: extra[0] ? at(extra[0]) : 0 }
  const first = (from: TensorInfo, to: number) =>
    its.engine.copyRows(
      { rows: 1, length: batch * units, fromStep: 0, toStep: 0 },
      { from: at(from), to },
    )
  first(h!, places.states)
  if (c) first(c, places.extra)
  runSteps(its, { ...places, sums: at(sums!), kernel: at(kernel!), value: at(value) })
  return [value, states, gates, ...extra]
}

interface ForthPlaces {
  readonly states: number
  readonly gates: number
  readonly extra: number
  readonly sums: number
  readonly kernel: number
  readonly value: number
}

function runSteps(its: Recurrence, places: ForthPlaces): void {
  const { backend, engine, cell, run, lengths, attributes } = its
  const { steps, units, width } = lengths
  withScratch(backend, units * width, (to) => {
    const packed = packForth(engine, cell, { ...lengths, kernel: places.kernel, to })
    for (let step = 0; step < steps; step++) {
      const step_ = placesOf(its, places, step)
      const at = attributes.backwards ? steps - 1 - step : step
      copyStep(its, { apart: places.sums, step: step_.gates, at, length: width }, { into: 'step' })
      const { gates } = step_
      cell.forth(stepTools({ engine, run, lengths, cell, packed }, { gates, slopes: 0 }), step_)
      const last = { apart: places.value, step: step_.h, at: step, length: units }
      if (attributes.sequences) copyStep(its, last, { into: 'apart' })
    }
  })
  if (attributes.sequences) return
  const size = lengths.batch * units
  const { states, value } = places
  engine.copyRows(
    { rows: 1, length: size, fromStep: 0, toStep: 0 },
    { from: states + steps * size, to: value },
  )
}
