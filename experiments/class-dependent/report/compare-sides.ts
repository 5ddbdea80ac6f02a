import { type PairedRow, pairedTable } from 'tfjs-prune/sweep'
import { FIGURES, type FigureName } from './figures.js'
import { type Judged, overLevels, runsOf } from './judged.js'

/** A system at some levels. */
export interface Side {
  readonly system: string
  readonly levels: readonly number[]
}

/** Two sides by a figure, in the units in which it is shown. */
export interface Comparison {
  readonly own: number
  readonly other: number
  readonly paired: NonNullable<PairedRow['comparison']>
}

/** Compares a system with another one, or with other levels, seed by seed; undefined without a pair. */
export function compareSides(
  judged: Judged,
  [own, other]: readonly [Side, Side],
  figure: FigureName,
): Comparison | undefined {
  const rows = (side: string, { system, levels }: Side) =>
    runsOf(judged, system).flatMap((run) => {
      const value = overLevels(run, figure, levels)
      return value === undefined ? [] : [{ side, seed: run.seed, value }]
    })
  const [first, second] = [rows('own', own), rows('other', other)]
  if (first.length === 0 || second.length === 0) return undefined
  const table = pairedTable([...second, ...first], {
    ...{ figure: 'value', by: 'side', against: 'other', pair: ['seed'] },
    direction: FIGURES[figure].direction,
  })
  const paired = table.rows[1]!.comparison!
  if (paired.pairs === 0) return undefined
  const seeds = new Set(
    first.map(({ seed }) => seed).filter((seed) => second.some((row) => row.seed === seed)),
  )
  const mean = (side: typeof first) => {
    const values = side.filter(({ seed }) => seeds.has(seed)).map(({ value }) => value)
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return { own: mean(first), other: mean(second), paired }
}
