import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { readRows } from 'tfjs-prune/sweep'
import { expect, onTestFinished, test, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run-command-line.js'
import { call, temporaryFolder } from '../cli/support.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const moduleOf = (name: string) => fileURLToPath(new URL(`./jobs/${name}.js`, import.meta.url))
const squares = moduleOf('squares')

test('sweep runs the jobs of a module, and skips them the second time', async () => {
  const first = await call('sweep', '--module', squares, '--store', at('rows'))
  expect(first.code).toBe(0)
  expect(first.printed).toBe(`${at('rows')}: 3 rows of 3 jobs`)
  const lines = first.told.split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^2 of 3: seed=2 in 0\.\d s by .+:\d+$/)
  const again = await call('sweep', '-m', squares, '-s', at('rows'), '--json')
  expect(JSON.parse(again.printed)).toMatchObject({
    ...{ jobs: 3, skipped: 3, others: 0, failed: [], store: at('rows') },
    rows: [1, 2, 3].map((seed) => ({ seed, square: seed * seed })),
  })
  expect(again.told).toBe('')
})

test('sweep gives the same rows from worker processes', async () => {
  vi.stubEnv('NODE_OPTIONS', '--import tsx') // the sources are TypeScript
  onTestFinished(() => void vi.unstubAllEnvs())
  const { code } = await call('sweep', '-m', squares, '-s', at('processes'), '-w', '2')
  expect(code).toBe(0)
  const rows = await readRows(at('processes'))
  expect(rows.map(({ square }) => Number(square)).sort()).toEqual([1, 4, 9])
})

test('sweep ends with code 1 where a job failed, and keeps the others', async () => {
  const failing = moduleOf('failing')
  const { code, printed, told } = await call('sweep', '-m', failing, '-s', at('failing'))
  expect(code).toBe(1)
  expect(printed).toContain(`${at('failing')}: 2 rows of 3 jobs\nfailed: seed=2: RangeError: no 2`)
  expect(told).toContain('expected no failed jobs, got 1: --retry-failed runs them again')
  const again = await call('sweep', '-m', failing, '-s', at('failing'), '--retry-failed')
  expect(again.told).toContain('3 of 3 failed: seed=2: RangeError: no 2')
  expect(
    readFileSync(join(at('failing'), 'rows.jsonl'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(4)
})

test('sweep shows a table on a terminal, and takes it away', async () => {
  const terminal = Object.assign(new PassThrough(), { columns: 0 }) // knows no width
  const printed: string[] = []
  const code = await runCommandLine(['sweep', '-m', squares, '-s', at('live')], {
    print: (text) => void printed.push(text),
    tell: () => {},
    hasColours: false,
    terminal,
    signal: new AbortController().signal,
  })
  const text = String(terminal.read())
  expect([code, printed]).toEqual([0, [`${at('live')}: 3 rows of 3 jobs`]])
  expect(text).toContain('jobs done')
  expect(text.endsWith('\x1b[0J')).toBe(true)
})

test('sweep refuses a module without jobs, values that are none, and no store', async () => {
  const none = await call('sweep', '-m', moduleOf('without-jobs'), '-s', at('none'))
  expect(none.code).toBe(2)
  expect(none.told).toContain('expected a list of jobs as the export jobs of')
  const wrong = await call('sweep', '-m', squares, '-s', at('none'), '-w', '0')
  expect(wrong.code).toBe(2)
  expect(wrong.told).toContain('Expected a whole number of at least 1')
  expect((await call('sweep', '-m', squares)).code).toBe(2)
  const missing = await call('sweep', '-m', at('missing.js'), '-s', at('none'))
  expect(missing.code).toBe(2)
})
