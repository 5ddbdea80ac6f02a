import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkCount, checkFinite, required } from '../../internal/option-checks.js'
import type { RunningJob, SweepState } from './sweep-state.js'

/** Options of {@link sweepTable}. */
export interface SweepTableOptions {
  /** The time in milliseconds, by the clock of the events. */
  readonly now: number
  /** Characters of a line. Longer lines are cut. @default 80 */
  readonly columns?: number
  /** Running jobs that are listed. @default 8 */
  readonly listed?: number
}

const BAR = 24
/** Characters of the shortest cut of a key, and of all that stands beside a key. */
const LEAST_KEY = 24
const BESIDE_KEY = 48

const checks: OptionChecks<SweepTableOptions> = {
  now: required(checkFinite),
  columns: checkCount,
  listed: checkCount,
}

/**
 * The state of a sweep as lines of text: a bar, counts, the rate and the time that is left, the
 * running jobs with their progress, and the last errors.
 *
 * @param state The state, as {@link nextSweepState} gives it.
 * @param options The time, and the room for the text.
 * @returns The lines, without a line break at the end.
 * @throws {TypeError | RangeError} If an option is unknown or wrong.
 *
 * @example
 * ```ts
 * import { emptySweepState, sweepTable } from 'tfjs-prune/sweep'
 *
 * const state = { ...emptySweepState, done: 50, failed: 1, of: 200, perMinute: 12, secondsLeft: 750 }
 * const [bar, rate] = sweepTable(state, { now: 0 }).split('\n')
 * if (!bar!.includes('50 of 200 jobs done, 1 failed')) throw new Error('counts')
 * if (rate !== '12 a minute, about 13 min left') throw new Error('rate and time')
 * ```
 */
export function sweepTable(state: SweepState, options: SweepTableOptions): string {
  checkOptions(options, { task: 'draw the table of a sweep', checks })
  const { now, columns = 80, listed = 8 } = options
  const more = state.running.length - listed
  const lines = [
    `${bar(state)} ${counts(state)}`,
    ...rate(state),
    ...runningLines(state.running.slice(0, listed), { now, columns }),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...state.errors.map(({ key, error }) => `! ${key}: ${error.name}: ${firstLine(error.message)}`),
  ]
  return lines.map((line) => cut(line, columns)).join('\n')
}

function bar({ done, of }: SweepState): string {
  const full = of === 0 ? 0 : Math.floor((BAR * done) / of)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}

function counts({ done, failed, of, running, retrying }: SweepState): string {
  const parts = [`${done} of ${of} jobs done`]
  if (failed > 0) parts.push(`${failed} failed`)
  if (running.length > 0) parts.push(`${running.length} running`)
  if (retrying.length > 0) parts.push(`${retrying.length} to be tried again`)
  return parts.join(', ')
}

function rate({ perMinute, secondsLeft, done, of }: SweepState): readonly string[] {
  if (perMinute === undefined || secondsLeft === undefined) return []
  const digits = perMinute < 10 ? 1 : 0
  const left = done < of ? `, about ${span(secondsLeft)} left` : ''
  return [`${Number(perMinute.toFixed(digits))} a minute${left}`]
}

function runningLines(
  running: readonly RunningJob[],
  { now, columns }: Pick<SweepTableOptions, 'now'> & { readonly columns: number },
): readonly string[] {
  const rows = running.map(({ key, worker, attempt, since, share, message }) => [
    cut(key, Math.max(columns - BESIDE_KEY, LEAST_KEY)),
    worker,
    clock((now - since) / 1000),
    share === undefined ? '' : `${Math.floor(100 * share)} %`,
    [...(message === undefined ? [] : [firstLine(message)]), ...again(attempt)].join(', '),
  ])
  const widths = [0, 1, 2, 3].map((i) => Math.max(0, ...rows.map((row) => row[i]!.length)))
  return rows.map(([key, worker, time, share, message]) => {
    const cells = [
      key!.padEnd(widths[0]!),
      worker!.padEnd(widths[1]!),
      time!.padStart(widths[2]!),
      share!.padStart(widths[3]!),
      message!,
    ]
    return `  ${cells.join('  ')}`.trimEnd()
  })
}

const again = (attempt: number) => (attempt > 1 ? [`try ${attempt}`] : [])

const firstLine = (text: string) => text.split('\n', 1)[0]!

const cut = (text: string, most: number) =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

/** A time that runs: 1:05, or 1:00:05. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const two = (count: number) => `${count}`.padStart(2, '0')
  const start = hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`
  return `${start}:${two(whole % 60)}`
}

/** A time in one unit: 40 s, 13 min, 2.5 h, 3.1 days. */
function span(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${(seconds / 86_400).toFixed(1)} days`
}
