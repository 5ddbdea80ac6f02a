import type { Colors } from 'picocolors/types'
import type { JobFinished } from 'tfjs-prune/sweep'
import type { SweptModule } from '../commands/sweep.js'
import { countText, nameText } from '../terminal/numbers.js'

/** Failed jobs that are listed. */
const LISTED = 10

/** The outcome of `sweep` as text. */
export function sweptText(outcome: SweptModule, { bold, dim, red }: Colors): string {
  const { store, jobs, rows, failed, skipped, others } = outcome
  const before = skipped > 0 ? `, ${countText(skipped)} of them done before` : ''
  const more = failed.length - LISTED
  return [
    `${bold(store)}: ${counted(rows.length, 'row')} of ${counted(jobs, 'job')}${before}`,
    ...failed.slice(0, LISTED).map((job) => red(`failed: ${failureText(job)}`)),
    ...(more > 0 ? [red(`and ${countText(more)} more failed`)] : []),
    ...(others > 0 ? [dim(`${counted(others, 'outcome')} of other jobs left out.`)] : []),
  ].join('\n')
}

/** A job that has ended, in one line. */
export function finishedText({ outcome, done, of }: JobFinished): string {
  const place = `${countText(done)} of ${countText(of)}`
  if (outcome.error) return `${place} failed: ${failureText(outcome)}`
  return `${place}: ${outcome.key} in ${outcome.seconds.toFixed(1)} s by ${outcome.worker}`
}

/** A job that failed, and why, in one line. */
export function failureText({ key, error, attempts }: SweptModule['failed'][number]): string {
  const tries = attempts > 1 ? ` (${attempts} tries)` : ''
  const [reason] = (error?.message ?? '').split('\n', 1)
  return `${nameText(key)}: ${error?.name}: ${reason}${tries}`
}

const counted = (count: number, word: string) =>
  `${countText(count)} ${word}${count === 1 ? '' : 's'}`
