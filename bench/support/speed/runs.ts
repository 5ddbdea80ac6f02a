import { existsSync, readFileSync } from 'node:fs'
import type { Limits } from './limits.js'
import type { Times } from './times.js'

/** What was measured of a network at a density and a batch. */
export interface Figure {
  /** Share of the prunable weights that are left. */
  readonly density: number
  readonly batch: number
  readonly times: Readonly<Record<string, Times>>
  /** Cores that other processes kept busy, and the load of the host over a minute. */
  readonly others: number
  readonly load: number
  /** Furthest output of a side, as a share of the largest. */
  readonly difference: number
  /** Of one sample, with weights that are left. */
  readonly multiplyAdds: number
  /** Milliseconds for the whole batch at the limits of the host. */
  readonly limit: { readonly sums: number; readonly memory: number }
  /** Wall milliseconds beside a peer with two threads; no ratio where others were busy. */
  readonly threads?: {
    readonly peer: number
    readonly ours: number
    readonly others: number
    readonly ratio?: number
  }
}

/** A line of a file of runs. */
export interface StoredFigure extends Figure, Limits {
  readonly run: number
  readonly host: string
}

export const runsFile = (network: string) => `bench/results/sparse-${network}.jsonl`

/** All lines of a network; none where it was not measured. */
export function storedFigures(network: string): StoredFigure[] {
  const file = runsFile(network)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as StoredFigure)
}

/** Median and ends of several runs. */
export interface Span {
  readonly least: number
  readonly median: number
  readonly most: number
}

/** @throws {Error} If there is nothing to sum up. */
export function spanOf(values: readonly number[]): Span {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) throw new Error('Expected values of runs, got none')
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
  return { least: sorted[0]!, median, most: sorted.at(-1)! }
}

/** The lines of all runs that hold the same figure, densest first. */
export function byDensity(figures: readonly StoredFigure[], batch: number): StoredFigure[][] {
  const lines = figures.filter((figure) => figure.batch === batch)
  const densities = [...new Set(lines.map(({ density }) => density))].sort((a, b) => b - a)
  return densities.map((density) => lines.filter((line) => line.density === density))
}
