/** A page's clock ticks every tenth of a millisecond, so that several calls are timed at once. */
const [GROUP, ALL] = [10, 600] as const

/** Milliseconds of a call: the least of some groups of calls, since noise only ever adds. */
export async function millisecondsOf(call: () => unknown): Promise<number> {
  await call()
  const until = performance.now() + ALL
  let least = Number.POSITIVE_INFINITY
  for (let groups = 0; groups < 3 || performance.now() < until; groups++) {
    const started = performance.now()
    let [calls, taken] = [0, 0]
    while (taken < GROUP) {
      await call()
      calls++
      taken = performance.now() - started
    }
    least = Math.min(least, taken / calls)
  }
  return least
}

/** Endings of the files of code, and of the model. */
export const [CODE, MODEL] = [/\.(js|wasm)$/, /\.tfpr$/]

/** Bytes of all files with such an ending that the page has fetched, as the server sent them. */
export function fetchedBytes(ending: RegExp): number {
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  const sizes = new Map(entries.map(({ name, encodedBodySize }) => [name, encodedBodySize]))
  return [...sizes]
    .filter(([name]) => ending.test(new URL(name).pathname))
    .reduce((sum, [, bytes]) => sum + bytes, 0)
}

/** The largest difference of two lists of numbers, as a share of the largest wanted one. */
export function furthest(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const values = Array.from(wanted)
  const largest = Math.max(...values.map(Math.abs))
  return Math.max(...values.map((value, i) => Math.abs(value - got[i]!))) / largest
}
