import { stat } from 'node:fs/promises'
import { reportHtml } from 'tfjs-prune/report'
import { folderStore, loadRounds } from 'tfjs-prune/runs'
import { chartRenderer } from '../outputs/chart-renderer.js'
import { checkFile } from '../outputs/check-file.js'
import { checkFree } from '../outputs/check-free.js'
import { writeWhole } from '../outputs/write-whole.js'
import type { OutputOptions } from './work-options.js'

/** Options of {@link report}. */
export interface ReportOptions extends OutputOptions {
  /** Heading of the page. @default 'Pruning report' */
  readonly title?: string | undefined
}

/** The outcome of {@link report}: plain data. */
export interface Reported {
  readonly run: string
  readonly output: string
  /** Number of finished rounds, the dense one included. */
  readonly rounds: number
  /** Whether the page has charts: they need vega and vega-lite. */
  readonly charts: boolean
  /** Bytes of the page. */
  readonly bytes: number
}

/** Writes the report of a run that a folder keeps, or of a file of rounds. */
export async function report(
  run: string,
  output: string,
  { force, title, signal }: ReportOptions = {},
): Promise<Reported> {
  await checkFile(output, 'report.html')
  await checkFree(output, { force })
  const found = await stat(run).catch((cause: Error) => {
    const wanted = `a folder of folderStore or a file of saveRounds, ${run}`
    throw new Error(`Cannot write the report: expected ${wanted}, got ${cause.message}`, { cause })
  })
  const rounds = await loadRounds(found.isDirectory() ? folderStore(run) : run)
  if (rounds.length === 0) {
    const wanted = `a finished round in ${run}, as folderStore of tfjs-prune/runs keeps it`
    throw new RangeError(`Cannot write the report: expected ${wanted}, got none`)
  }
  signal?.throwIfAborted()
  const render = await chartRenderer()
  const options = { ...(title !== undefined && { title }), ...(render && { render }) }
  const page = new TextEncoder().encode(await reportHtml(rounds, options))
  await writeWhole(output, page)
  return { run, output, rounds: rounds.length, charts: Boolean(render), bytes: page.length }
}
