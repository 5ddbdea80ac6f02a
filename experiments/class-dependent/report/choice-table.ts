import { difference, markdown, pText, signed, wrapped } from './cells.js'
import { type Comparison, compareSides } from './compare-sides.js'
import { FIGURES, type FigureName } from './figures.js'
import { type Judged, meanOf } from './judged.js'
import { SPARSE } from './levels.js'
import { titleOf } from './studies.js'
import { FAMILIES, nameOf } from './system-names.js'
import { verdictOf } from './verdicts.js'

/** The studies that choose a part, and the one that confirms it or does not. */
const CHOOSING = ['xrays', 'crack'].map((set) => ({ set, network: 'cnn' }))
const CONFIRMING = { set: 'eights', network: 'cnn' }
type Subject = typeof CONFIRMING

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
    const comparisons = CHOOSING.flatMap((subject) => besideRecipe(all, subject, system) ?? [])
    if (comparisons.length < CHOOSING.length) return []
    const mean = meanOf(comparisons.map(({ paired }) => paired.medianDifference!))
    return [{ system, comparisons, mean }]
  })
  if (candidates.length === 0) return 'No part has rows on both sets yet.'
  const rows = candidates
    .toSorted((a, b) => a.mean - b.mean)
    .map(({ system, comparisons, mean }) => [
      nameOf(system),
      ...comparisons.map((one) => `${difference(one, decimals)}, ${one.paired.pairs} seeds`),
      signed(mean, decimals),
    ])
  const sets = CHOOSING.map((subject) => `${titleOf(subject)}: ${head}, points [95 %]`)
  return `${markdown(['part', ...sets, 'mean'], rows)}\n\n${outcome(all, candidates)}`
}

/** The choice, and the verdict of the study that confirms, by the rules of the claims: one test. */
function outcome(all: readonly Judged[], candidates: readonly Candidate[]): string {
  const best = candidates.reduce((least, one) => (one.mean < least.mean ? one : least))
  if (best.mean >= 0) return 'None is chosen: no part has a mean below 0.'
  const chosen = `Chosen: ${nameOf(best.system)}.`
  const title = titleOf(CONFIRMING)
  const comparison = besideRecipe(all, CONFIRMING, best.system)
  if (!comparison) return `${chosen} On ${title}: no rows yet.`
  const { pValue, pairs } = comparison.paired
  const found = { comparison, pByHolm: pValue ?? 1, largest: undefined, tests: 1 }
  const verdict = verdictOf({ wanted: 'lower' }, found)
  const told = `${difference(comparison, decimals)} points, p ${pText(found.pByHolm)}, ${pairs} seeds`
  return wrapped(`${chosen} On ${title}: ${verdict}, ${told}.`)
}

function besideRecipe(
  all: readonly Judged[],
  { set, network }: Subject,
  system: string,
): Comparison | undefined {
  const judged = all.find(({ study }) => study.set === set && study.network === network)
  const sides = [
    { system, levels: SPARSE },
    { system: 'recipe', levels: SPARSE },
  ] as const
  return judged && compareSides(judged, sides, FIGURE)
}
