import { expect } from 'vitest'

const GRAMMAR = /^Cannot .+: expected .+, got .+/s

/**
 * Class and message of the error that `run` throws, e.g. `RangeError: Cannot ...`; fails when it
 * breaks the grammar.
 */
export function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return inGrammar(error)
  }
  return 'no error'
}

/** As {@link refusalOf}, for a function that returns a promise. */
export async function lateRefusalOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run()
  } catch (error) {
    return inGrammar(error)
  }
  return 'no error'
}

function inGrammar(error: unknown): string {
  const { name, message } = error as Error
  expect(message).toMatch(GRAMMAR)
  return `${name}: ${message}`
}
