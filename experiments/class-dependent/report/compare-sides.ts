import { type PairedRow, pairedTable } from 'tfjs-prune/sweep'
import { FIGURES, type FigureName } from './figures.js'
import { type Judged, meanOf, overLevels, runsOf } from './judged.js'

/** A system at some levels. */
export interface Side {
  readonly system: string
  readonly levels: readonly number[]
}

/** The value of a seed. */
export interface SeedValue {
  readonly seed: number
  readonly value: number
}

/** Two sides by a figure, in the units in which it is shown. */
export interface Comparison {
  readonly own: number
  readonly other: number
  readonly paired: NonNullable<PairedRow['comparison']>
}

/** Compares two systems, or levels of them, seed by seed; undefined without a pair. */
export function compareSides(
  judged: Judged,
  [own, other]: readonly [Side, Side],
  figure: FigureName,
): Comparison | undefined {
  const valuesOf = ({ system, levels }: Side) =>
    runsOf(judged, system).flatMap((run): SeedValue[] => {
      const value = overLevels(run, figure, levels)
      return value === undefined ? [] : [{ seed: run.seed, value }]
    })
  return compareValues(valuesOf(own), valuesOf(other), FIGURES[figure].direction)
}

/** Sizes that differ by no more, in points, differ by the rounding of the rows alone. */
const ROUNDING = 0.003

/** Differences of which sizes that are equal but for rounding become equal, and 0 becomes 0. */
function withTies(differences: readonly number[]): number[] {
  const sizes: number[] = [0]
  for (const size of differences.map(Math.abs).sort((a, b) => a - b))
    if (size - sizes.at(-1)! > ROUNDING) sizes.push(size)
  const tied = (size: number) => sizes.findLast((one) => one <= size)!
  return differences.map((one) => Math.sign(one) * tied(Math.abs(one)))
}

/** Compares values by their seeds; undefined without a pair. The means are over the pairs. */
export function compareValues(
  own: readonly SeedValue[],
  other: readonly SeedValue[],
  direction: 'maximise' | 'minimise',
): Comparison | undefined {
  const paired = own.filter(({ seed }) => other.some((one) => one.seed === seed))
  const others = other.filter(({ seed }) => own.some((one) => one.seed === seed))
  if (paired.length === 0) return undefined
  const at = new Map(others.map(({ seed, value }) => [seed, value]))
  const differences = withTies(paired.map(({ seed, value }) => value - at.get(seed)!))
  const rows = paired.flatMap(({ seed }, i) => [
    { side: 'other', seed, value: 0 },
    { side: 'own', seed, value: differences[i]! },
  ])
  const table = pairedTable(rows, {
    ...{ figure: 'value', by: 'side', against: 'other', pair: ['seed'], direction },
  })
  const mean = (values: readonly SeedValue[]) => meanOf(values.map(({ value }) => value))
  return { own: mean(paired), other: mean(others), paired: table.rows[1]!.comparison! }
}
