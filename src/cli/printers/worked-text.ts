import type { Colors } from 'picocolors/types'
import type { FinishedJob } from 'tfjs-prune/sweep'
import type { Worked } from '../commands/worker.js'
import { countText } from '../terminal/numbers.js'
import { failureText } from './swept-text.js'

/** The outcome of `worker` as text. */
export function workedText({ queue, done, failed }: Worked, { bold, red }: Colors): string {
  const jobs = `${countText(done)} job${done === 1 ? '' : 's'} done`
  return `${bold(queue)}: ${jobs}${failed > 0 ? red(`, ${countText(failed)} failed`) : ''}`
}

/** A job that a worker has ended, in one line. */
export function outcomeText(outcome: FinishedJob): string {
  if (outcome.error) return `failed: ${failureText(outcome)}`
  return `${outcome.key} in ${outcome.seconds.toFixed(1)} s`
}
