/** A page's clock ticks every tenth of a millisecond, so that several calls are timed at once. */
const [SHORTEST, LONGEST] = [10, 600] as const

/** Milliseconds of a call: the least of some groups of calls, since noise only ever adds. */
export async function millisecondsOf(call: () => unknown): Promise<number> {
  const group = async (calls: number) => {
    const started = performance.now()
    for (let i = 0; i < calls; i++) await call()
    return performance.now() - started
  }
  let calls = 1
  while ((await group(calls)) < SHORTEST) calls *= 2
  const until = performance.now() + LONGEST
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3 || performance.now() < until; i++)
    least = Math.min(least, (await group(calls)) / calls)
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
