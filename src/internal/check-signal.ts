import { describe } from './describe.js'

/** Throws a TypeError unless an option is an AbortSignal or left out. */
export function checkSignal(signal: AbortSignal | undefined, task: string): void {
  if (signal === undefined || typeof signal?.throwIfAborted === 'function') return
  throw new TypeError(`Cannot ${task}: expected an AbortSignal as signal, got ${describe(signal)}`)
}
