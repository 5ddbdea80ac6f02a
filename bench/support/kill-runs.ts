/** Kills processes that store a run, at random moments, and starts them again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { folderStore, loadRounds } from 'tfjs-prune/runs'
import { randomStream } from '../../src/internal/random.js'

/** The outcome of the kills. */
export interface Kills {
  /** Processes that were killed while they ran. */
  readonly kills: number
  /** Runs that came to their end, each in a folder of its own. */
  readonly runs: number
  /** Most rounds that were finished when a process was killed. */
  readonly rounds: number
  /** Hashes of the runs that were killed, each once, and that of the run that was not. */
  readonly hashes: readonly string[]
  readonly expected: string
}

/**
 * Kills so many processes with SIGKILL, each at most `span` milliseconds after it has begun to train.
 * Between two of them the folder is read.
 */
export async function killRuns(kills: number, { span = 1000, seed = 1 } = {}): Promise<Kills> {
  const script = await bundled()
  const expected = await finished(start(script))
  const { uniform } = randomStream(seed)
  const hashes = new Set<string>()
  let [killed, runs, most] = [0, 0, 0]
  while (killed < kills) {
    const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-kills-'))
    for (let isDone = false; !isDone; ) {
      const child = start(script, folder)
      const after = killed < kills ? uniform() * span : undefined
      const hash = await finished(child, after)
      const rounds = await loadRounds(folderStore(folder))
      isDone = hash !== ''
      if (isDone) hashes.add(hash)
      else {
        killed++
        most = Math.max(most, rounds.length)
      }
    }
    runs++
    rmSync(folder, { recursive: true })
  }
  rmSync(script)
  return { kills: killed, runs, rounds: most, hashes: [...hashes], expected }
}

const start = (script: string, ...args: string[]) =>
  spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

/** The hash that a process prints at its end; empty if it was killed. */
async function finished(child: ChildProcess, after?: number): Promise<string> {
  let [text, isReady] = ['', false]
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk
    if (isReady || !text.includes('ready')) return
    isReady = true
    if (after !== undefined) setTimeout(() => child.kill('SIGKILL'), after)
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...outcome) => resolve(outcome))
  })
  if (signal === 'SIGKILL') return ''
  if (code === 0) return text.trim().split('\n').at(-1)!
  throw new Error(`Cannot go on with the run: expected it to end or to be killed, got code ${code}`)
}

/** The run as one file, which starts in less time than its sources. */
async function bundled(): Promise<string> {
  // Tests on several backends run side by side.
  const outfile = join('.cache', 'kills', `${crypto.randomUUID()}.mjs`)
  mkdirSync(join('.cache', 'kills'), { recursive: true })
  await build({
    entryPoints: ['bench/support/stored-run.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@tensorflow/*', 'idb-keyval'],
    logLevel: 'error',
  })
  return outfile
}
