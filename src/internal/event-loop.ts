/**
 * Makes a function that gives other work of the thread a turn when `milliseconds` have passed since
 * the last turn.
 */
export function turnGiver(milliseconds: number): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < milliseconds) return
    await new Promise((resolve) => setTimeout(resolve, 0))
    last = performance.now()
  }
}
