import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { StoredFigure } from './runs.js'

const SCRIPT = 'bench/support/speed/print-case.ts'

/** The figures of a network, measured in a new process, as they come. */
export async function* oneRun(network: string): AsyncGenerator<Omit<StoredFigure, 'run'>> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, network], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  for await (const line of createInterface(child.stdout))
    yield JSON.parse(line) as Omit<StoredFigure, 'run'>
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`Expected ${network} to be measured, got exit code ${code}`)
}
