import { difference, markdown, pText, wrapped } from './cells.js'
import { CLAIMS } from './claims.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'
import { decimalsOf, type JudgedClaim, judgeClaims } from './verdicts.js'

/** The verdicts of all studies on one page: a row a claim, a column a study. */
export function verdictsTable(all: readonly Judged[]): string {
  const judged = all.map(judgeClaims)
  const rows = CLAIMS.map(({ text, paper }, i) => [
    text,
    paper,
    ...judged.map((claims) => claims[i]!.verdict),
  ])
  return markdown(['claim', 'the paper', ...all.map(({ study }) => titleOf(study))], rows)
}

/**
 * The claims of whose systems a study has rows, with the figures behind the verdicts; undefined
 * where there is none.
 */
export function claimsWithRows(judged: Judged): string | undefined {
  const found = judgeClaims(judged).filter(({ comparison }) => comparison)
  return found.length > 0 ? tableOf(found) : undefined
}

function tableOf(claims: readonly JudgedClaim[]): string {
  const rows = claims.map((one) => [one.claim.text, one.claim.paper, ...oursOf(one), one.verdict])
  const head = [
    ...['claim', 'the paper', 'ours, %: other → own', 'difference, points [95 %]'],
    ...['p (Holm)', 'seeds', 'verdict'],
  ]
  return markdown(head, rows)
}

function oursOf({ claim, comparison, pByHolm, largest }: JudgedClaim): string[] {
  if (!comparison) return ['', '', '', '']
  const decimals = decimalsOf(claim)
  const { own, other, paired } = comparison
  const fall = largest && `; ${percent(largest.fall)} at ${largest.level}, the most`
  return [
    `${other.toFixed(decimals)} → ${own.toFixed(decimals)}${fall ?? ''}`,
    difference(comparison, decimals),
    pText(pByHolm),
    `${paired.pairs}`,
  ]
}

const percent = (fall: number) => `${fall > 0 ? '−' : '+'}${Math.abs(100 * fall).toFixed(0)} %`

/** The systems that a study has no rows of; undefined where there are none. */
export function missingOf({ study, systems }: Judged, all: readonly string[]): string | undefined {
  const missing = all.filter((system) => !systems.includes(system))
  if (missing.length === 0) return undefined
  return listItem(`${titleOf(study)}: ${missing.join('; ')}.`)
}

const listItem = (text: string) => wrapped(`- ${text}`, 98).replaceAll('\n', '\n  ')

/** The number of seeds, of runs that diverged and of systems with rows. */
export function stateOf(
  { study, systems, runs, diverged, setAside }: Judged,
  all: readonly string[],
) {
  const counts = systems.map((system) => runs.filter((run) => run.system === system).length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const seeds =
    least === most
      ? `${most} ${most === 1 ? 'seed' : 'seeds'} each`
      : `${least} to ${most} seeds each`
  const done = counts.length > 0 ? seeds : 'so far tuning alone'
  const lost = [...new Set(diverged.map(({ system }) => system))].map((system) => {
    const count = diverged.filter((run) => run.system === system).length
    return `${system} (${count})`
  })
  const dead = runs
    .filter((run) => !diverged.includes(run))
    .flatMap(({ levels }) => levels)
    .filter(({ isDead }) => isDead).length
  const commits = [...new Set(study.rows.map(({ version, commit }) => `${version} ${commit}`))]
  const parts = [
    `${titleOf(study)}: ${systems.length} of ${all.length} systems, ${done}.`,
    ...(lost.length > 0 ? [`Diverged, and counted as chance: ${lost.join(', ')}.`] : []),
    ...(dead > 0 ? [`Levels at which a network was dead, counted as chance: ${dead}.`] : []),
    ...(setAside.length > 0
      ? [`Set aside, since tuning chose another point later: ${setAside.length} runs.`]
      : []),
    `Versions: ${commits.join(', ')}.`,
  ]
  return listItem(parts.join(' '))
}
