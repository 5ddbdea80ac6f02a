import { difference, markdown, pText, wrapped } from './cells.js'
import { type Comparison, compareSides } from './compare-sides.js'
import { FIGURES, type FigureName } from './figures.js'
import type { Judged } from './judged.js'
import { SPARSE } from './levels.js'
import { FAMILIES, nameOf } from './system-names.js'

/** The sets that choose a part, and the one that confirms it or does not, by the small CNN. */
export const CHOOSING = ['xrays', 'crack'] as const
export const CONFIRMING = 'eights'

const FIGURE: FigureName = 'fnrAtFpr10'
const { decimals, head } = FIGURES[FIGURE]

/** A part of the recipe on the sets that choose. */
interface Candidate {
  readonly system: string
  readonly comparisons: readonly Comparison[]
  /** The mean over the sets of the median differences, in points. */
  readonly mean: number
}

/**
 * Parts on top of the recipe beside the recipe itself, and the choice of one: the lowest mean of the
 * median differences over the sets that choose, at 6.25 % of the weights and below.
 */
export function choiceTable(all: readonly Judged[]): string {
  const candidates = FAMILIES['on top of the recipe']!.flatMap((system): Candidate[] => {
    const comparisons = CHOOSING.flatMap((set) => besideRecipe(all, set, system) ?? [])
    if (comparisons.length < CHOOSING.length) return []
    const differences = comparisons.map(({ paired }) => paired.medianDifference!)
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length
    return [{ system, comparisons, mean }]
  })
  if (candidates.length === 0) return 'No part has rows on both sets yet.'
  const rows = candidates
    .toSorted((a, b) => a.mean - b.mean)
    .map(({ system, comparisons, mean }) => [
      nameOf(system),
      ...comparisons.map((one) => `${difference(one, decimals)}, ${one.paired.pairs} seeds`),
      mean.toFixed(decimals).replace('-', '−'),
    ])
  const sets = CHOOSING.map((set) => `${SET_NAMES[set]}: ${head}, points [95 %]`)
  return `${markdown(['part', ...sets, 'mean'], rows)}\n\n${outcome(all, candidates)}`
}

const SET_NAMES = { xrays: 'X-rays', crack: 'cracks', eights: 'digits' } as const

/** The choice, and the verdict of the set that confirms. */
function outcome(all: readonly Judged[], candidates: readonly Candidate[]): string {
  const best = candidates.reduce((least, one) => (one.mean < least.mean ? one : least))
  const name = nameOf(best.system)
  if (best.mean >= 0) return 'None is chosen: no part has a mean below 0.'
  const found = besideRecipe(all, CONFIRMING, best.system)
  if (!found) return `Chosen: ${name}. It has no rows on the ${SET_NAMES[CONFIRMING]} yet.`
  const { interval, pValue, pairs } = found.paired
  const isShown = interval !== null && interval !== undefined && (pValue ?? 1) < 0.05
  const sided = isShown && interval.upper < 0 ? 'confirmed' : 'refuted'
  const verdict = isShown ? sided : 'not confirmed'
  const told = `${difference(found, decimals)} points, p ${pText(pValue ?? 1)}, ${pairs} seeds`
  return wrapped(`Chosen: ${name}. On the ${SET_NAMES[CONFIRMING]} ${verdict}: ${told}.`)
}

function besideRecipe(all: readonly Judged[], set: string, system: string): Comparison | undefined {
  const judged = all.find(({ study }) => study.set === set && study.network === 'cnn')
  const sides = [
    { system, levels: SPARSE },
    { system: 'recipe', levels: SPARSE },
  ] as const
  return judged && compareSides(judged, sides, FIGURE)
}
