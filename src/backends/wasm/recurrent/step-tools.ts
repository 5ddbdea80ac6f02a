import type { Compiled, Engine } from '../engine/engine.js'
import type { Cell, StepTools } from './cells.js'
import { multiplyPacked, type Packed, pack } from './packed-product.js'

/** Lengths of a recurrence. */
export interface Lengths {
  readonly steps: number
  readonly batch: number
  readonly units: number
  /** All gates of a row: gates times units. */
  readonly width: number
}

/** Runs code of a cell over the rows and units of a step. */
export function runCode(
  compiled: Compiled,
  { batch, units, width }: Lengths,
): (name: string, places: readonly number[][], slopes: number) => void {
  const rest = units % 4
  const part = (
    name: string,
    [gates, states]: readonly number[][],
    { first, length, lanes, slopes }: Record<'first' | 'length' | 'lanes' | 'slopes', number>,
  ) => {
    const skips = [(width - length) * 4, (units - length) * 4] as const
    const pointers = [...gates!, ...states!].map((place) => (place + first) * 4)
    compiled[name + lanes]!(batch, length / lanes, ...skips, slopes * 4, ...pointers)
  }
  return (name, places, slopes) => {
    const length = units - rest
    if (length > 0) part(name, places, { first: 0, length, lanes: 4, slopes })
    if (rest > 0) part(name, places, { first: length, length: rest, lanes: 1, slopes })
  }
}

/** The recurrent kernel in panels, one matrix for each product of a step. */
export function packForth(
  engine: Engine,
  { products }: Cell,
  { kernel, to, units, width }: { kernel: number; to: number } & Lengths,
): Packed[] {
  return products.map((range) => {
    const columns = (range.to - range.from) * units
    const from = kernel + range.from * units
    return pack(
      engine,
      { from, rows: units, columns, step: width },
      to + range.from * units * units,
    )
  })
}

/** The same transposed; `spare` has room for the kernel. */
export function packBack(
  engine: Engine,
  { products }: Cell,
  { kernel, to, spare, units, width }: { kernel: number; to: number; spare: number } & Lengths,
): Packed[] {
  engine.transpose({ rows: units, columns: width }, { from: kernel, to: spare })
  return products.map((range) => {
    const before = range.from * units * units
    const rows = (range.to - range.from) * units
    return pack(engine, { from: spare + before, rows, columns: units, step: units }, to + before)
  })
}

interface ToolsOptions {
  readonly engine: Engine
  readonly run: ReturnType<typeof runCode>
  readonly lengths: Lengths
  readonly cell: Cell
  readonly packed: readonly Packed[]
}

/** The tools of one step, whose gates, and their gradients so far behind them, lie at `gates`. */
export function stepTools(
  { engine, run, lengths, cell, packed }: ToolsOptions,
  { gates, slopes }: { gates: number; slopes: number },
): StepTools {
  const { batch, units, width } = lengths
  const [states, all] = [
    { rows: batch, innerStep: 1 },
    { rowStep: units, cStep: width },
  ]
  const start = (product: number) => gates + cell.products[product]!.from * units
  return {
    run: (name, numbers, places) =>
      run(name, [numbers.map((index) => gates + index * units), [...places]], slopes),
    forth: (product, state) =>
      multiplyPacked(engine, packed[product]!, {
        ...states,
        ...all,
        a: state,
        c: start(product),
        accumulate: true,
      }),
    back: (product, state, accumulate) =>
      multiplyPacked(engine, packed[product]!, {
        ...states,
        a: start(product) + slopes,
        rowStep: width,
        c: state,
        cStep: units,
        accumulate,
      }),
  }
}
