import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StudyPoint } from './study-point.js'

/** FNR at a rate of false alarms. */
export interface AtFpr {
  readonly fpr: number
  /** On the curve of the test part, where its FPR is this one. */
  readonly curve: number
  /** On the test part, at the threshold that the validation part chose for this rate. */
  readonly moved: { readonly fnr: number; readonly fpr: number }
}

/** Figures of one level, on the test part but for one. */
export interface StudyLevel {
  readonly density: number
  readonly auc: number
  readonly validationAuc: number
  /** Standardised, FPR up to 20 %. */
  readonly partialAuc: number
  /** At the network's own boundary. */
  readonly argmax: { readonly fnr: number; readonly fpr: number }
  readonly atFpr: readonly AtFpr[]
  /** Share of the dense network's multiply-adds that is left. */
  readonly multiplyAdds: number
  /** Of training. */
  readonly seconds: number
  /** Whether the network gave all images one score, so that it could not be pruned on. */
  readonly isDead?: true
}

/** One job: a line of a file. */
export interface StudyRow extends StudyPoint {
  /** null where training diverged. */
  readonly levels: readonly StudyLevel[] | null
  readonly version: string
  readonly commit: string
}

const RESULTS = fileURLToPath(new URL('results/', import.meta.url))

/** The file of the rows of a set and a network. */
export const rowsFile = (set: string, network: string) =>
  join(RESULTS, `${basename(set)}-${network}.jsonl`)

/** The whole lines of a file; a process that was killed may leave a last one without its end. */
function wholeLines(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

/** The rows of a file; none where there is no file. */
export const readRows = (file: string): StudyRow[] =>
  wholeLines(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** Adds a row to a file, behind its last whole line. */
export function addRow(file: string, row: StudyRow): void {
  mkdirSync(dirname(file), { recursive: true })
  if (existsSync(file)) truncateSync(file, Buffer.byteLength(wholeLines(file)))
  appendFileSync(file, `${JSON.stringify(row)}\n`)
}
