import { fileError, fileSystem } from '../../files/disk/file-system.js'
import { openToRead } from '../../files/disk/open-to-read.js'
import type { FinishedJob } from '../finished-job.js'

/** The outcomes of a file of JSON lines, and the bytes of its whole lines. */
export interface ReadOutcomes {
  readonly outcomes: readonly FinishedJob[]
  readonly bytes: number
}

/**
 * Reads outcomes, one a line. A last line without its end is left out. Throws, with the number of
 * the line, where another one is no outcome. A file that is not there holds none.
 */
export async function readOutcomes(path: string, task: string): Promise<ReadOutcomes> {
  const bytes = await bytesOf(path, task)
  const decoder = new TextDecoder()
  const outcomes: FinishedJob[] = []
  const whole = bytes.lastIndexOf(NEW_LINE) + 1
  for (let start = 0; start < whole; ) {
    // The largest text of Node has half a billion characters.
    const end = bytes.lastIndexOf(NEW_LINE, Math.min(start + PIECE, whole) - 1) + 1
    const next = end > start ? end : bytes.indexOf(NEW_LINE, start) + 1
    const lines = decoder.decode(bytes.subarray(start, next - 1)).split('\n')
    for (const line of lines)
      outcomes.push(outcomeOf(line, { path, number: outcomes.length + 1, task }))
    start = next
  }
  return { outcomes, bytes: whole }
}

const NEW_LINE = 10
const PIECE = 2 ** 26

interface Place {
  readonly path: string
  readonly number: number
  readonly task: string
}

function outcomeOf(line: string, { path, number, task }: Place): FinishedJob {
  const refuse = (got: string) =>
    new Error(`Cannot ${task}: expected an outcome in line ${number} of ${path}, got ${got}`)
  let value: Partial<FinishedJob> | null
  try {
    value = JSON.parse(line)
  } catch {
    throw refuse(JSON.stringify(line.slice(0, 40)))
  }
  const isOutcome =
    typeof value?.key === 'string' && typeof value.point === 'object' && Array.isArray(value.rows)
  if (!isOutcome) throw refuse('JSON without key, point and rows')
  return value as FinishedJob
}

async function bytesOf(path: string, task: string): Promise<Uint8Array> {
  const { files } = fileSystem(task)
  try {
    const { file, stats } = await openToRead(path, files)
    try {
      const bytes = new Uint8Array(stats.size)
      let at = 0
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, null)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return bytes.subarray(0, at)
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return new Uint8Array()
    throw fileError(error, task, `to read ${path}`)
  }
}
