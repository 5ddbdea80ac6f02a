/** The table of the budgets in .size-limit.json: most kB of each import, without tfjs. */
import { readFileSync } from 'node:fs'

interface Budget {
  readonly name: string
  readonly limit: string
}

/** One row a budget; the words behind a colon say what it is for and are left out. */
export function sizeTable(): string {
  const budgets: Budget[] = JSON.parse(readFileSync('.size-limit.json', 'utf8'))
  const rows = budgets.map(({ name, limit }) => {
    const imported = name
      .split(':')[0]!
      .replace(/\{[^}]*\}|tfjs-prune[\w/-]*|(?<= of )\/[\w/]+/g, '`$&`')
    return `| ${imported} | ${limit.replace(' kB', '')} |`
  })
  return ['| imported | kB at most |', '|---|---|', ...rows].join('\n')
}
