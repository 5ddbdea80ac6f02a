import { crc32 } from '../files/container/crc32.js'
import type { WeightValues } from '../internal/weight-values.js'
import type { Round } from '../rounds/round.js'
import type { RoundPoint } from '../rounds/round-point.js'
import type { RunFacts } from '../rounds/run-store.js'
import { type BareRound, type SharedParts, wholeRound } from './bare-round.js'
import { type EntryKind, readEntry } from './entry.js'
import type { StoreFunctions } from './store-functions.js'

/** The entry of a run: all that is known of it before its first round. */
export interface RunEntry extends Pick<RunFacts, 'weights' | 'settings'> {
  readonly initial: Readonly<WeightValues>
}

/** The entry of a finished round. */
export interface RoundEntry extends BareRound {
  /** Checksum of the entry of its run. */
  readonly run: number
}

/** The entry of the state within a round; it also tells how many rounds were finished before. */
export interface PointEntry {
  /** Checksum of the entry of its run. */
  readonly run: number
  /** The round that comes next. */
  readonly next: number
  /** It holds a checkpoint in round 0 only: later rounds have that of round 0. */
  readonly point?: RoundPoint
}

/** A run as a store holds it. */
export interface StoredRun {
  /** The entry of the run, and its checksum; undefined where nothing was saved. */
  readonly run: RunEntry | undefined
  readonly sum: number
  readonly rounds: readonly Round[]
  /** The state within the next round. */
  readonly point: RoundPoint | undefined
}

/** Name of the entry of a run. */
export const RUN = 'run'

/** Name of the entry of the state within a round. */
export const POINT = 'point'

/** Name of the entry of a round. */
export const roundName = (round: number) => `round-${round}`

/**
 * Reads all that a store holds. Throws a RangeError that names the entry if one is damaged, or of
 * another run.
 */
export async function readRun(functions: StoreFunctions): Promise<StoredRun> {
  const found = await readRounds(functions)
  return { ...found, point: found.run && (await readPoint(functions, found)) }
}

/** The same without the state within a round: to read while another one writes. */
export async function readRounds(functions: StoreFunctions): Promise<Omit<StoredRun, 'point'>> {
  // A run is written before its rounds: one that is missing beside them has come in between.
  const isBegun = (await bytesOfEntry(functions, roundName(0))) !== undefined
  const bytes = await bytesOfEntry(functions, RUN)
  if (!bytes) {
    if (isBegun) throw refuse(functions, `the entry ${RUN} beside ${roundName(0)}`, 'none')
    return { run: undefined, sum: 0, rounds: [] }
  }
  const run = (await load(functions, { entry: RUN, kind: 'run', bytes })) as RunEntry
  const sum = crc32(bytes)
  const rounds: Round[] = []
  for (;;) {
    const entry = roundName(rounds.length)
    const found = await bytesOfEntry(functions, entry)
    if (!found) return { run, sum, rounds }
    const own = (await load(functions, { entry, kind: 'round', bytes: found })) as RoundEntry
    if (own.run !== sum) throw refuse(functions, `${entry} to be of this run`, 'one of another')
    rounds.push(wholeRound(own, sharedParts(run, rounds)))
  }
}

/**
 * The state within the next round, if there is one; that of a round which is finished is left
 * aside. Throws where the rounds before it are not all there.
 */
async function readPoint(
  functions: StoreFunctions,
  { sum, rounds }: Pick<StoredRun, 'sum' | 'rounds'>,
): Promise<RoundPoint | undefined> {
  const bytes = await bytesOfEntry(functions, POINT)
  if (!bytes) return undefined
  const found = (await load(functions, { entry: POINT, kind: 'point', bytes })) as PointEntry
  const { run, next, point } = found
  if (run !== sum) throw refuse(functions, `${POINT} to be of this run`, 'one of another')
  const missing = roundName(rounds.length)
  if (next > rounds.length) throw refuse(functions, `${missing}, which was finished`, 'none')
  return next === rounds.length ? point : undefined
}

/** The parts that the next round shares with those before. */
export function sharedParts(
  { initial }: Pick<RunEntry, 'initial'>,
  rounds: readonly Round[],
): SharedParts {
  return { initial, checkpoint: rounds[0]?.checkpoint }
}

async function bytesOfEntry(functions: StoreFunctions, entry: string) {
  const bytes = await functions.read(entry)
  if (bytes === undefined || bytes instanceof Uint8Array) return bytes
  const got = bytes === null ? 'null' : typeof bytes
  throw new TypeError(
    `Cannot load ${entry}: expected read to give a Uint8Array or undefined, got ${got}`,
  )
}

interface FoundEntry {
  readonly entry: string
  readonly kind: EntryKind
  readonly bytes: Uint8Array
}

async function load(
  { name = 'the store' }: StoreFunctions,
  { entry, kind, bytes }: FoundEntry,
): Promise<unknown> {
  try {
    return await readEntry(bytes, { name: `${entry} of ${name}`, kind })
  } catch (error) {
    if (!(entry === POINT && error instanceof RangeError)) throw error
    const remedy = `without the entry ${POINT} the run goes on at the start of its round`
    throw new RangeError(`${error.message}: ${remedy}`, { cause: error })
  }
}

function refuse({ name = 'the store' }: StoreFunctions, wanted: string, got: string): RangeError {
  return new RangeError(`Cannot load the run in ${name}: expected ${wanted}, got ${got}`)
}
