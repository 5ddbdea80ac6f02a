/**
 * Holds the pages to the stored runs of bench/misses.ts, bench/sparse-record.ts and bench/sweep.ts,
 * and to the budgets of `npm run size`: the table behind `<!-- misses short -->` or
 * `<!-- speed alexnet 1 -->` must be the one of the runs. With `--write` the tables are put in.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { speedTable } from '../bench/support/speed/tables.js'
import { sweepTable } from '../bench/support/sweep-table.js'
import {
  longMarkdown,
  type SetName,
  shortMarkdown,
  storedSets,
} from '../examples/support/misses-tables.js'
import { sizeTable } from './size-table.js'

const TABLE =
  /^<!-- (?<study>misses|sizes|speed|sweep) (?<name>[\w ]+) -->\n(?:\n(?:\|[^\n]*\n)+)?/gm
const write = process.argv.includes('--write')

const missesTable = (name: string) =>
  name === 'short' ? shortMarkdown(storedSets()) : longMarkdown(name as SetName)
const tables: Readonly<Record<string, (name: string) => string>> = {
  misses: missesTable,
  sizes: sizeTable,
  speed: speedTable,
  sweep: sweepTable,
}

let count = 0
for (const page of [
  'ARCHITECTURE.md',
  'README.md',
  'docs/guide/misses.md',
  'docs/guide/speed.md',
  'docs/guide/sweeps.md',
]) {
  const text = readFileSync(page, 'utf8')
  const synced = text.replace(TABLE, (...match) => {
    const { study, name } = match.at(-1) as { study: string; name: string }
    count += 1
    return `<!-- ${study} ${name} -->\n\n${tables[study]!(name)}\n`
  })
  if (synced === text) continue
  if (!write)
    throw new Error(
      `${page} differs from runs or budgets: run \`npx tsx scripts/sync-tables.ts --write\``,
    )
  writeFileSync(page, synced)
}
if (count === 0) throw new Error('expected tables in the pages, got none')
console.log(`${count} tables equal the stored runs and the budgets`)
