/**
 * Holds the README and the guide to the stored runs of bench/misses.ts: the table behind
 * `<!-- misses short -->` or `<!-- misses xrays -->` must be the one of the runs. With `--write` the
 * tables are put in.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  longMarkdown,
  type SetName,
  shortMarkdown,
  storedSets,
} from '../examples/support/misses-tables.js'

const TABLE = /^<!-- misses (?<name>\w+) -->\n(?:\n(?:\|[^\n]*\n)+)?/gm
const write = process.argv.includes('--write')

const tableOf = (name: string) =>
  name === 'short' ? shortMarkdown(storedSets()) : longMarkdown(name as SetName)

let tables = 0
for (const page of ['README.md', 'docs/guide/misses.md']) {
  const text = readFileSync(page, 'utf8')
  const synced = text.replace(TABLE, (...match) => {
    const { name } = match.at(-1) as { name: string }
    tables += 1
    return `<!-- misses ${name} -->\n\n${tableOf(name)}\n`
  })
  if (synced === text) continue
  if (!write)
    throw new Error(`${page} differs from the runs: run \`npx tsx scripts/sync-tables.ts --write\``)
  writeFileSync(page, synced)
}
if (tables === 0) throw new Error('expected tables in README.md and docs/guide/misses.md, got none')
console.log(`${tables} tables equal the stored runs`)
