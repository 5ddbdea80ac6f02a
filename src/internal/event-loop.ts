/** When other work of the thread last had a turn: one clock for all runs and all their parts. */
let last = 0

/**
 * Gives other work of the thread a turn if none was given for so many milliseconds. Long loops
 * await it at each step; the clock is shared, so that short loops one after the other give turns
 * too.
 */
export async function giveTurn(milliseconds = 50): Promise<void> {
  if (Math.abs(performance.now() - last) < milliseconds) return
  await new Promise((resolve) => setTimeout(resolve, 0))
  last = performance.now()
}
