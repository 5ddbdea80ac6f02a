import { giveTurn } from '../../internal/event-loop.js'

/** Work that can be done piece by piece: it stops for a moment at each `yield`. */
export type Work<T> = Generator<undefined, T, undefined>

/** Gives other work of the thread a turn where that is due; rejects once a signal aborts. */
export type Turn = () => Promise<void>

/** Milliseconds of work between two turns. */
const SLICE = 20
/** Elements of a portion: a millisecond or so. */
export const PORTION = 2 ** 16

/** Turns that end with a signal. */
export function turnsUntil(signal: AbortSignal | undefined): Turn {
  return async () => {
    signal?.throwIfAborted()
    await giveTurn(SLICE)
    signal?.throwIfAborted()
  }
}

/** Does work to its end, with turns between its pieces. */
export async function finish<T>(work: Work<T>, turn: Turn): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await turn()
  }
}

/** Work that is done already. */
export function* ready<T>(value: T): Work<T> {
  yield
  return value
}

/** Calls `each` on ranges of indices, one after the other, from 0 to `length`. */
export function* inPortions(length: number, each: (from: number, to: number) => void): Work<void> {
  for (let from = 0; from < length; from += PORTION) {
    each(from, Math.min(from + PORTION, length))
    yield
  }
}
