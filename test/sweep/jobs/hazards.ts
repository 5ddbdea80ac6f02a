/** A job of the tests of processes: each mode does one thing. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobContext } from 'tfjs-prune/sweep'

interface Point {
  readonly mode: string
  readonly seed: number
  readonly folder?: string
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

export default async function job({ mode, seed, folder = '' }: Point, context: JobContext) {
  const { attempt, progress } = context
  if (folder) appendFileSync(join(folder, 'ran.txt'), `${seed} ${process.pid}\n`)
  if (mode === 'fails') throw new RangeError(`no ${seed}`)
  if (mode === 'fails once' && attempt === 1) throw new Error('not yet')
  if (mode === 'leaves') process.exit(3)
  if (mode === 'leaves once' && !existsSync(join(folder, `left-${seed}`))) {
    writeFileSync(join(folder, `left-${seed}`), '')
    process.kill(process.pid, 'SIGKILL')
  }
  if (mode === 'is not JSON') return { fnr: Number.NaN }
  if (mode === 'waits') await pause(seed)
  if (mode === 'hangs') await pause(1e6)
  if (mode === 'blocks') for (;;) if (mode !== 'blocks') break
  progress(0.5, 'half')
  return [
    { square: seed * seed, attempt },
    { square: seed, attempt },
  ]
}
