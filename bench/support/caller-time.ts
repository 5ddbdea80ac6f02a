import { existsSync, readFileSync } from 'node:fs'

/** Linux tells the nanoseconds that a thread has run; the main thread has the number of its process. */
const FILE = `/proc/self/task/${process.pid}/schedstat`

/**
 * Milliseconds of processor time of the main thread alone; NaN where the host does not tell. Where
 * other programs take the processors, it tells more about threads than the time of day.
 */
export function callerTime(): number {
  if (!existsSync(FILE)) return Number.NaN
  return Number(readFileSync(FILE, 'utf8').split(' ')[0]) / 1e6
}
