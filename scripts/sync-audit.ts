/**
 * Holds docs/guide/audit.md and its pictures to the stored networks of bench/audit.ts: the blocks
 * behind `<!-- audit plain table -->` and `<!-- audit plain findings -->`. With `--write` they are
 * put in.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { harmChart } from 'tfjs-prune/report'
import { findingsText, harmTable } from '../bench/support/audit/audit-page.js'
import { storedAudit } from '../bench/support/audit/stored-audit.js'
import { svgFile } from './picture/svg-file.js'

const PAGE = 'docs/guide/audit.md'
const TABLE = /^<!-- audit (\w+) table -->\n(?:\n(?:\|[^\n]*\n)+)?/gm
const FINDINGS = /^<!-- audit (\w+) findings -->\n(?:\n```text\n[\s\S]*?\n```\n)?/gm
const ARMS = ['plain', 'recipe']
const write = process.argv.includes('--write')

const audits = new Map(ARMS.map((arm) => [arm, storedAudit(arm)]))
const auditOf = (arm: string) => {
  const audit = audits.get(arm)
  if (!audit) throw new Error(`expected one of ${ARMS.join(', ')} in ${PAGE}, got ${arm}`)
  return audit
}

const page = readFileSync(PAGE, 'utf8')
hold(
  PAGE,
  page
    .replace(TABLE, (_, arm) => `<!-- audit ${arm} table -->\n\n${harmTable(auditOf(arm))}`)
    .replace(
      FINDINGS,
      (_, arm) =>
        `<!-- audit ${arm} findings -->\n\n\`\`\`text\n${findingsText(auditOf(arm))}\n\`\`\`\n`,
    ),
)
for (const [arm, audit] of audits)
  for (const theme of ['light', 'dark'] as const)
    hold(
      `docs/guide/audit-${arm}-${theme}.svg`,
      await svgFile(harmChart(audit, { theme, width: 520 })),
    )
console.log('the audit of the guide equals the stored networks')

function hold(file: string, wanted: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return
  if (!write)
    throw new Error(
      `${file} differs from the networks: run \`npx tsx scripts/sync-audit.ts --write\``,
    )
  writeFileSync(file, wanted)
}
