import { cpus } from 'node:os'

/** One side of a comparison: the whole call of a user, from a typed array to a typed array. */
export interface Subject {
  readonly name: string
  readonly call: () => Float32Array | Promise<Float32Array>
}

/** Milliseconds of a call. Processor time counts all threads of the process. */
export interface Times {
  readonly processor: { readonly least: number; readonly median: number }
  readonly wall: { readonly least: number; readonly median: number }
}

/** Times by subject, and the cores that other processes kept busy in the meantime. */
export interface Measured {
  readonly times: Readonly<Record<string, Times>>
  readonly others: number
}

/** Milliseconds of processor time that a turn takes at least: the clock counts microseconds. */
const TURN = 3

interface Span {
  readonly processor: number
  readonly wall: number
}

/** Options of {@link measureInTurns}. */
export interface TurnOptions {
  /** Milliseconds of processor time for a subject, after which no turn begins. */
  readonly budget: number
  /** Turns that are made at least. */
  readonly turns?: number
}

/**
 * Measures subjects in turns, so that noise hits all of them alike. The first turn warms up and is
 * not counted.
 */
export async function measureInTurns(
  subjects: readonly Subject[],
  { budget, turns = 5 }: TurnOptions,
): Promise<Measured> {
  const sides = []
  for (const subject of subjects) sides.push({ subject, ...(await warmUp(subject)) })
  const before = busyCores()
  for (let turn = 0; turn < turns || sides.some(({ spans }) => spent(spans) < budget); turn++)
    for (const { subject, calls, spans } of sides)
      if (turn < turns || spent(spans) < budget) spans.push(await spanOf(subject, calls))
  const others = othersSince(before)
  const times = sides.map(({ subject, calls, spans }) => [subject.name, timesOf(spans, calls)])
  return { others, times: Object.fromEntries(times) as Measured['times'] }
}

/** The calls that fill a turn. */
async function warmUp(subject: Subject): Promise<{ calls: number; spans: Span[] }> {
  let calls = 1
  for (;;) {
    const { processor } = await spanOf(subject, calls)
    if (processor >= TURN) return { calls, spans: [] }
    calls *= 2
  }
}

async function spanOf({ call }: Subject, calls: number): Promise<Span> {
  const started = performance.now()
  const before = process.cpuUsage()
  for (let i = 0; i < calls; i++) {
    const made = call()
    if (made instanceof Promise) await made
  }
  const { user, system } = process.cpuUsage(before)
  return { processor: (user + system) / 1000, wall: performance.now() - started }
}

const spent = (spans: readonly Span[]) => spans.reduce((sum, { processor }) => sum + processor, 0)

function timesOf(spans: readonly Span[], calls: number): Times {
  const of = (kind: keyof Span) => {
    const sorted = spans.map((span) => span[kind] / calls).sort((a, b) => a - b)
    return { least: sorted[0]!, median: sorted[sorted.length >> 1]! }
  }
  return { processor: of('processor'), wall: of('wall') }
}

/**
 * Cores that other processes kept busy while another process ran that says how many milliseconds
 * of processor time it used.
 */
export function othersWhile<T>(
  run: () => T,
  usedOf: (made: T) => number,
): { readonly made: T; readonly others: number } {
  const before = busyCores()
  const made = run()
  return { made, others: othersSince({ ...before, own: before.own - usedOf(made) }) }
}

/** Milliseconds so far: that cores of the host were busy, that we had of them, on the wall. */
function busyCores() {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0)
  const { user, system } = process.cpuUsage()
  return { busy, own: (user + system) / 1000, wall: performance.now() }
}

function othersSince(before: ReturnType<typeof busyCores>): number {
  const now = busyCores()
  const own = now.own - before.own
  return Math.max(0, (now.busy - before.busy - own) / (now.wall - before.wall))
}
