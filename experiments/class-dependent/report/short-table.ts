import { difference, markdown } from './cells.js'
import { goalRows } from './goal-table.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'
import { decimalsOf, judgeClaims } from './verdicts.js'

const CLAIMS_TOLD = [
  'green misses less than red, each at its own boundary',
  'green misses less than red, both with 10 % of false alarms',
  'black has a higher AUC than red',
]
const GOALS_TOLD = [
  'recipe below red of equal cost: FNR at FPR 10 %',
  'recipe below red of equal cost: FNR at FPR 5 %',
  'recipe level with dense or below: FNR at FPR 10 %',
]

/** The verdicts that a reader asks for first: a row a question, a column a study. */
export function shortTable(all: readonly Judged[]): string {
  const judged = all.map(judgeClaims)
  const claims = CLAIMS_TOLD.map((text) => [
    text,
    ...judged.map((one) => {
      const { claim, verdict, comparison } = one.find((own) => own.claim.text === text)!
      return comparison ? `${verdict}: ${difference(comparison, decimalsOf(claim))}` : verdict
    }),
  ])
  const goals = goalRows(all).filter(([text]) => GOALS_TOLD.includes(text!))
  return markdown(
    ['points [95 %]', ...all.map(({ study }) => titleOf(study))],
    [...claims, ...goals],
  )
}
