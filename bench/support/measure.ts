/**
 * Least seconds of several runs, after one to warm up: noise on a shared machine only ever adds.
 */
export async function bestOf(runs: number, run: () => unknown): Promise<number> {
  await run()
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) best = Math.min(best, await secondsOf(run))
  return best
}

/** Seconds of one run. */
export async function secondsOf(run: () => unknown): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

/**
 * Median seconds of each of several subjects, run in turns, so that noise hits all of them alike.
 */
export async function mediansInTurns(
  turns: number,
  subjects: readonly (() => unknown)[],
): Promise<number[]> {
  const seconds: number[][] = subjects.map(() => [])
  for (let turn = -2; turn < turns; turn++) {
    for (const [index, subject] of subjects.entries()) {
      const taken = await secondsOf(subject)
      if (turn >= 0) seconds[index]!.push(taken)
    }
  }
  return seconds.map((taken) => taken.sort((a, b) => a - b)[taken.length >> 1]!)
}

/** Prints one figure as a line of JSON, numbers to four digits. */
export function report(figure: Readonly<Record<string, unknown>>): void {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value
  console.log(JSON.stringify(figure, short))
}
