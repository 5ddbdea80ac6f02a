import { difference, markdown, pText, wrapped } from './cells.js'
import { goalRows } from './goal-table.js'
import { type Judged, runsOf } from './judged.js'
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
  'recipe below shifts of equal cost: FNR at FPR 10 %',
  'recipe level with the dense network of plain training or below: FNR at FPR 10 %',
  'recipe level with its own dense network or below: FNR at FPR 10 %',
]

/** The seeds of each study, of the systems that are told. */
function seedsInWords(all: readonly Judged[]): string {
  const told = all.map((judged) => {
    const counts = ['red', 'black', 'green', 'recipe']
      .filter((system) => judged.systems.includes(system))
      .map((system) => runsOf(judged, system).length)
    const [least, most] = [Math.min(...counts), Math.max(...counts)]
    return `${titleOf(judged.study)}: ${least === most ? most : `${least} to ${most}`} seeds`
  })
  return wrapped(`Rows so far: ${told.join('; ')}.`)
}

/** The verdicts that a reader asks for first, with the seeds: a row a question, a column a study. */
export function shortTable(all: readonly Judged[]): string {
  const judged = all.map(judgeClaims)
  const claims = CLAIMS_TOLD.map((text) => [
    text,
    ...judged.map((one) => {
      const { claim, verdict, comparison, pByHolm } = one.find((own) => own.claim.text === text)!
      if (!comparison || verdict === 'too few seeds') return verdict
      const p = pByHolm === undefined ? '' : `, p ${pText(pByHolm)}`
      return `${verdict}: ${difference(comparison, decimalsOf(claim))}${p}`
    }),
  ])
  const goals = goalRows(all).filter(([text]) => GOALS_TOLD.includes(text!))
  const head = ['claim', ...all.map(({ study }) => titleOf(study))]
  return `${seedsInWords(all)}\n\n${markdown(head, [...claims, ...goals])}`
}
