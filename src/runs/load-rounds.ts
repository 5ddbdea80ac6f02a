import { joined } from '../files/codecs/bytes.js'
import { type CompressedSource, isSource, openSource } from '../files/container/open-source.js'
import { finish, turnsUntil } from '../files/model/work.js'
import { describe } from '../internal/describe.js'
import type { Round } from '../rounds/round.js'
import type { Evaluation } from '../types.js'
import { wholeRound } from './bare-round.js'
import { readEntry } from './entry.js'
import type { RoundsEntry } from './save-rounds.js'
import type { EntryStore } from './store-of.js'
import { readRounds } from './stored-run.js'

/** Where rounds come from: a store, or the file of {@link saveRounds}. */
export type RoundsSource = EntryStore | CompressedSource

const task = 'load the rounds'

/**
 * Reads the finished rounds of a store, or of a file that {@link saveRounds} wrote.
 *
 * A store is read without its lock, also while a run writes to it: the rounds are those that are
 * finished by then. All rounds share one W0 and one checkpoint, as those of `prune` do.
 *
 * @param source A store of this entry point; or bytes, a `Blob`, a stream, a path, or a URL.
 * @returns The rounds, the dense one first; none for a store that nothing was written to.
 * @throws {TypeError} If the source is none.
 * @throws {RangeError} If an entry or the file is damaged, cut off, or another kind of file; the
 *   message names it.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 * import { loadRounds, memoryStore } from 'tfjs-prune/runs'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const store = memoryStore()
 * await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 *   store,
 * })
 * const [dense, half] = await loadRounds(store)
 * applyTrained(model, half!)
 * if (dense!.initial !== half!.initial) throw new Error('one W0 for all rounds')
 * ```
 */
export async function loadRounds<E extends object = Evaluation>(
  source: RoundsSource,
): Promise<Round<E>[]> {
  return (await roundsOf(source)) as unknown as Round<E>[]
}

async function roundsOf(source: RoundsSource): Promise<Round[]> {
  const { functions } = (source ?? {}) as Partial<EntryStore>
  if (functions) return [...(await readRounds(functions)).rounds]
  if (!isSource(source)) {
    const wanted = 'a store of tfjs-prune/runs, bytes, a blob, a path or a URL'
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(source)}`)
  }
  const name = typeof source === 'string' || source instanceof URL ? `${source}` : 'the rounds'
  const bytes = await bytesOf(source).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : `${cause}`
    throw new Error(`Cannot ${task}: expected to read ${name}, got ${got}`, { cause })
  })
  const { rounds, ...shared } = (await readEntry(bytes, { name, kind: 'rounds' })) as RoundsEntry
  return rounds.map((round) => wholeRound(round, shared))
}

async function bytesOf(source: CompressedSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source
  const chunks = await openSource(source, fetching)
  const parts: Uint8Array[] = []
  for (;;) {
    const { done, value } = await chunks.next()
    if (done) return finish(joined(parts), turnsUntil(undefined))
    parts.push(value)
  }
}

const fetching = {
  fetchFunc: undefined,
  requestInit: undefined,
  signal: undefined,
  maximumWait: 60_000,
}
