import { checkIndex, checkNumber } from './option-checks.js'

/** Throws unless `value` lies between 0 and 1, both left out. */
export function checkInside(value: unknown, { task, name }: { task: string; name: string }): void {
  checkNumber(value, {
    task,
    name,
    wanted: 'between 0 and 1',
    accepts: (share) => share > 0 && share < 1,
  })
}

/**
 * Throws unless both are whole numbers of at least 0 and there are no more successes than trials.
 */
export function checkTrials(successes: unknown, trials: unknown, task: string): void {
  checkIndex(trials, { task, name: 'trials' })
  checkIndex(successes, { task, name: 'successes' })
  if ((successes as number) <= (trials as number)) return
  throw new RangeError(
    `Cannot ${task}: expected successes of at most ${trials} trials, got ${successes}`,
  )
}
