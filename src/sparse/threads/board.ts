import type { Compiled } from '../kernels/kernels-of.js'
import { lostThread } from './thread-errors.js'

/** A call of a compiled function: its number and its parameters. */
export type Call = readonly [compiled: number, ...parameters: number[]]

/** Cells that threads share. `worker-code.ts` uses them in the same way. */
export const layout = {
  /** Calls that nobody has taken yet; the last ones are taken first. */
  LEFT: 0,
  /** Calls that are not done. */
  PENDING: 1,
  /** Grows with each job; workers sleep until it does. */
  TURN: 2,
  SLEEPERS: 3,
  /** Not 0 once a worker has failed. */
  ERROR: 4,
  /** The first call, and cells from one to the next. */
  CALLS: 16,
  CALL: 32,
  /** So often a thread looks again before it sleeps. */
  SPINS: 5000,
} as const
const { LEFT, PENDING, TURN, SLEEPERS, ERROR, CALLS, CALL, SPINS } = layout

/** Milliseconds after which a thread that has not finished its call counts as lost. */
const PATIENCE = 60_000
/** Milliseconds that a thread sleeps at most before it looks again. */
const NAP = 1000

/** Where one thread posts calls, in which all threads take part. */
export interface Board {
  readonly cells: Int32Array
  /**
   * Runs calls that do not depend on each other, and returns once all are done.
   *
   * @throws {Error} If a call fails; from then on always.
   */
  readonly run: (calls: readonly Call[]) => void
  /** A thread has ended: it may have left its call undone. */
  readonly lose: () => void
}

/** A board for at most `most` calls at once. */
export function createBoard(compiled: readonly Compiled[], most: number): Board {
  const cells = new Int32Array(new SharedArrayBuffer((CALLS + most * CALL) * 4))
  const sleeps = maySleep(cells)
  let lost: Error | undefined
  const post = (calls: readonly Call[]) => {
    for (const [i, call] of calls.entries()) cells.set(call, CALLS + i * CALL)
    Atomics.store(cells, PENDING, calls.length)
    Atomics.store(cells, LEFT, calls.length)
    Atomics.add(cells, TURN, 1)
    if (Atomics.load(cells, SLEEPERS) > 0) Atomics.notify(cells, TURN)
  }
  const takePart = (calls: readonly Call[]) => {
    for (let left = take(cells); left > 0; left = take(cells)) {
      const [index, ...parameters] = calls[left - 1]!
      compiled[index]!(...parameters)
      Atomics.sub(cells, PENDING, 1)
    }
  }
  const waitForOthers = () => {
    let [waited, before] = [0, performance.now()]
    for (let look = 1; ; look++) {
      const pending = Atomics.load(cells, PENDING)
      if (pending === 0) return
      if (look % SPINS > 0) continue
      if (sleeps) Atomics.wait(cells, PENDING, pending, NAP)
      const now = performance.now()
      waited += Math.min(now - before, NAP) // more than a nap is the sleep of the whole machine
      before = now
      if (waited > PATIENCE) throw lostThread('has not answered for a minute')
    }
  }
  return {
    cells,
    run: (calls) => {
      if (lost) throw lost
      try {
        post(calls)
        takePart(calls)
        waitForOthers()
        if (Atomics.load(cells, ERROR) !== 0) throw lostThread('failed')
      } catch (error) {
        lost = error as Error // calls may be left, or on their way
        throw error
      }
    },
    lose: () => {
      lost ??= lostThread('ended')
    },
  }
}

/** Takes one of the calls that are left; 0 where there are none. */
function take(cells: Int32Array): number {
  for (;;) {
    const left = Atomics.load(cells, LEFT)
    if (left === 0 || Atomics.compareExchange(cells, LEFT, left, left - 1) === left) return left
  }
}

/** The thread of a page must not sleep. */
function maySleep(cells: Int32Array): boolean {
  try {
    Atomics.wait(cells, TURN, -1, 0)
    return true
  } catch {
    return false
  }
}
