import { describe, test } from 'vitest'

/** One thing that every member of a family does; `check` throws when a member does not. */
export interface Law<T> {
  /** Completes a sentence that begins with the member's name. */
  readonly law: string
  readonly check: (make: () => T) => void | Promise<void>
}

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
