import { describe, test } from 'vitest'
import type { Law } from '../../src/testing/law.js'

export type { Law }

/** Runs the laws of a contract over one member as tests. */
export function conformance<T>(name: string, laws: readonly Law<T>[], make: () => T): void {
  describe(`${name} keeps its contract`, () => {
    for (const { law, check } of laws) test(`${name} ${law}`, () => check(make))
  })
}

/** The laws that a member breaks: shows that a suite sees through members that do nothing. */
export async function brokenLaws<T>(laws: readonly Law<T>[], make: () => T): Promise<string[]> {
  const broken: string[] = []
  for (const { law, check } of laws) {
    try {
      await check(make)
    } catch {
      broken.push(law)
    }
  }
  return broken
}
