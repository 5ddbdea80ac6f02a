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
  clock: (run: () => unknown) => Promise<number> = secondsOf,
): Promise<number[]> {
  const seconds: number[][] = subjects.map(() => [])
  for (let turn = -2; turn < turns; turn++) {
    for (const [index, subject] of subjects.entries()) {
      const taken = await clock(subject)
      if (turn >= 0) seconds[index]!.push(taken)
    }
  }
  return seconds.map((taken) => taken.sort((a, b) => a - b)[taken.length >> 1]!)
}

/** Seconds of processor time of one run: for long calls on a busy machine. */
export async function processorSecondsOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Prints one figure as a line of JSON, numbers to four digits. */
export function report(figure: Readonly<Record<string, unknown>>): void {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value
  console.log(JSON.stringify(figure, short))
}

/**
 * Least seconds of processor time that a run takes: of up to 60 measurements of 3 ms or more, as
 * many as a second and a half holds, but of 5 at least. Short ones find the quiet moments of a busy
 * machine.
 */
export function leastProcessorSeconds(run: () => void): number {
  const measure = (runs: number) => {
    const before = process.cpuUsage()
    for (let i = 0; i < runs; i++) run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  }
  let runs = 1
  while (measure(runs) < 0.003) runs *= 2
  const started = performance.now()
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 60 && (i < 5 || performance.now() - started < 1500); i++)
    least = Math.min(least, measure(runs) / runs)
  return least
}
