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
  /** Kills by the rounds that were finished by then. */
  readonly byRounds: readonly number[]
  /** Kills by the epoch of its round that a process had begun last; each epoch is stored. */
  readonly byEpochs: readonly number[]
  /** Hashes of the runs that were killed, each once, and that of the run that was not. */
  readonly hashes: readonly string[]
  readonly expected: string
}

/** The epochs of the run's longest round. */
const EPOCHS = 8

/**
 * Kills so many processes with SIGKILL, each at most `span` milliseconds after it has begun its first
 * epoch to its 8th. Epochs are counted, since their time depends on the machine. Between two
 * processes the folder is read.
 */
export async function killRuns(kills: number, { span = 100, seed = 1 } = {}): Promise<Kills> {
  const script = await bundled()
  const { hash: expected } = await finished(start(script))
  const { uniform } = randomStream(seed)
  const hashes = new Set<string>()
  const [byRounds, byEpochs] = [counter(), counter()]
  let [killed, runs] = [0, 0]
  while (killed < kills) {
    const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-kills-'))
    for (let isDone = false; !isDone; ) {
      const child = start(script, folder)
      const moment = { epoch: 1 + Math.floor(uniform() * EPOCHS), after: uniform() * span }
      const { hash, epoch } = await finished(child, killed < kills ? moment : undefined)
      const { length } = await loadRounds(folderStore(folder))
      isDone = hash !== undefined
      if (hash !== undefined) hashes.add(hash)
      else {
        killed++
        byRounds.add(length)
        byEpochs.add(epoch)
      }
    }
    runs++
    rmSync(folder, { recursive: true })
  }
  rmSync(script)
  const counts = { kills: killed, runs, byRounds: byRounds.counts, byEpochs: byEpochs.counts }
  return { ...counts, hashes: [...hashes], expected: expected! }
}

const start = (script: string, ...args: string[]) =>
  spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

/** So many milliseconds after so many epochs were begun. */
interface Moment {
  readonly epoch: number
  readonly after: number
}

/** The hash that a process prints at its end, if it came to it, and the last epoch that it began. */
async function finished(child: ChildProcess, moment?: Moment) {
  let [text, isDue] = ['', false]
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk
    if (!moment || isDue || text.split('epoch').length <= moment.epoch) return
    isDue = true
    setTimeout(() => child.kill('SIGKILL'), moment.after)
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...outcome) => resolve(outcome))
  })
  const epoch = Number(/.*epoch (\d+)/s.exec(text)?.[1])
  if (signal === 'SIGKILL') return { hash: undefined, epoch }
  if (code === 0) return { hash: text.trim().split('\n').at(-1)!, epoch }
  throw new Error(`Cannot go on with the run: expected it to end or to be killed, got code ${code}`)
}

/** Counts how often each whole number came. */
function counter() {
  const counts: number[] = []
  return {
    counts,
    add: (value: number) => {
      while (counts.length <= value) counts.push(0)
      counts[value]!++
    },
  }
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
