import { readFileSync } from 'node:fs'

interface Line {
  readonly bench: string
  readonly way: 'here' | 'processes' | 'queue'
  readonly workers: number
  readonly seconds: number
  readonly perSecond: number
  readonly efficiency?: number
}

const WORKERS = [1, 2, 4, 8]
const WAYS = { here: 'in this process', processes: 'processes', queue: 'a queue' }

/**
 * The stored runs of bench/sweep.ts as a table: jobs a second, and the share of the ideal. Of several
 * runs of a setting the fastest counts: other work on the machine only takes time.
 */
export function sweepTable(): string {
  const lines = readFileSync('bench/results/sweep.jsonl', 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ bench }) => bench === 'sweep')
  const lengths = [...new Set(lines.map(({ seconds }) => seconds))].sort((a, b) => a - b)
  const rows = lengths.flatMap((seconds) =>
    Object.entries(WAYS).map(([way, words]) => {
      const cells = WORKERS.map((workers) =>
        cellOf(
          lines
            .filter((l) => l.way === way && l.workers === workers && l.seconds === seconds)
            .sort((a, b) => b.perSecond - a.perSecond)[0],
        ),
      )
      return `| ${seconds * 1000} ms | ${words} | ${cells.join(' | ')} |`
    }),
  )
  const head = `| a job takes | way | ${WORKERS.map((count) => `${count} workers`).join(' | ')} |`
  return [head.replace('1 workers', '1 worker'), '|---|---|---|---|---|---|', ...rows].join('\n')
}

function cellOf(line: Line | undefined): string {
  if (!line) return ''
  const { perSecond, efficiency } = line
  const rate = perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(2))
  return efficiency === undefined ? `${rate}` : `${rate} (${Math.round(efficiency * 100)} %)`
}
