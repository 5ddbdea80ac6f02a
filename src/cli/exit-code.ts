import { CommanderError } from 'commander'
import { WrongUse } from './terminal/wrong-use.js'

/** The ways a call ends, as numbers that a shell can ask for. */
export const exitCodes = { done: 0, failed: 1, wrongUse: 2, stopped: 130 } as const

/** The exit code of a call that ended with an error; help and the version are no failure. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse
  if (error instanceof WrongUse) return exitCodes.wrongUse
  return signal.aborted ? exitCodes.stopped : exitCodes.failed
}
