import { markdown, signed } from './cells.js'
import type { Comparison } from './compare-sides.js'
import { FIGURES } from './figures.js'
import { CHOSEN_GOALS, judgeGoals } from './goal-table.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'
import { decimalsOf, judgeClaims, type Verdict } from './verdicts.js'

const CLAIMS_TOLD = [
  'green misses less than red, each at its own boundary',
  'green misses less than red, both with 10 % of false alarms',
  'black has a higher AUC than red',
]
const GOALS_TOLD = [
  'recipe below red of equal cost: FNR at FPR 10 %',
  'recipe below red of equal cost: FNR at FPR 5 %',
  'recipe below shifts of equal cost: FNR at FPR 10 %',
  'recipe level with the dense network of plain training or below: FNR at FPR 10 %',
  'recipe level with its own dense network or below: FNR at FPR 10 %',
  'recipe, hard negatives below red of equal cost: FNR at FPR 10 %',
  'recipe, hard negatives below shifts of equal cost: FNR at FPR 10 %',
  'recipe, hard negatives level with the dense network of plain training or below: FNR at FPR 10 %',
]

/** The pairs of seeds behind a difference, which are told where there are not so many. */
const SEEDS = 10

/** A verdict and its difference, such as `held, −5.36`. */
function shortCell(verdict: Verdict, comparison: Comparison | undefined, decimals: number): string {
  if (!comparison || verdict === 'too few seeds') return verdict
  const { medianDifference, pairs } = comparison.paired
  const seeds = pairs === SEEDS ? '' : `, ${pairs} seeds`
  return `${verdict}, ${signed(medianDifference!, decimals)}${seeds}`
}

/** The verdicts that a reader asks for first: a row a question, a column a study. */
export function shortTable(all: readonly Judged[]): string {
  const studies = all.map((judged) => ({
    claims: judgeClaims(judged),
    goals: [...judgeGoals(judged), ...judgeGoals(judged, CHOSEN_GOALS)],
  }))
  const claims = CLAIMS_TOLD.map((text) => [
    text,
    ...studies.map(({ claims }) => {
      const { claim, verdict, comparison } = claims.find((own) => own.claim.text === text)!
      return shortCell(verdict, comparison, decimalsOf(claim))
    }),
  ])
  const goals = GOALS_TOLD.map((text) => [
    text,
    ...studies.map(({ goals }) => {
      const found = goals.find(({ goal }) => goal.text === text)
      if (!found) return 'no rows'
      return shortCell(found.verdict, found.comparison, FIGURES[found.goal.figure].decimals)
    }),
  ])
  const head = ['claim', ...all.map(({ study }) => titleOf(study))]
  return markdown(head, [...claims, ...goals])
}
