import type { Work } from '../../src/files/model/work.js'

/** The result of work that is done in one go. */
export function doWork<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** A function whose work is done in one go. */
export function inOneGo<A extends readonly unknown[], T>(
  start: (...args: A) => Work<T>,
): (...args: A) => T {
  return (...args) => doWork(start(...args))
}
