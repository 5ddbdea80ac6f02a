import { spawnSync } from 'node:child_process'
import { runPython } from '../python.js'
import { othersWhile } from '../speed/times.js'
import type { RoundsNetwork, RoundsRun, RoundsSide, StoredRun } from './runs.js'

const SCRIPT = 'bench/support/rounds/print-run.ts'

export interface Setting {
  readonly network: RoundsNetwork
  readonly seed: number
  readonly epochs: number
  /** Folder of the X-rays. */
  readonly folder: string
}

/** One run of a side in a process of its own; undefined where PyTorch is not installed. */
export function measureRounds(
  side: RoundsSide,
  setting: Setting,
): (RoundsRun & Pick<StoredRun, 'others'>) | undefined {
  const { made, others } = othersWhile(
    () => (side === 'tfjs' || side === 'sparse' ? ours(side, setting) : peer(side, setting)),
    (made) => ('missing' in made ? 0 : made.processor * 1e3),
  )
  if (!('missing' in made)) return { ...made, others }
  console.error(`${side} is left out: ${made.missing}`)
  return undefined
}

function ours(side: RoundsSide, { network, seed, epochs, folder }: Setting): RoundsRun | never {
  const args = ['--import', 'tsx', SCRIPT, network, side, `${seed}`, `${epochs}`, folder]
  const { status, stdout } = spawnSync(process.execPath, args, {
    ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  })
  if (status !== 0) throw new Error(`Expected ${side} to run, got exit code ${status}`)
  return JSON.parse(stdout) as RoundsRun
}

const peer = (side: RoundsSide, { network, seed, epochs, folder }: Setting) =>
  runPython<RoundsRun>('peer/rounds.py', [
    ...[`xrays-${network}`, side === 'torch1' ? 1 : 2, seed, folder, epochs],
  ])
