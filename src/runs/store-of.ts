import { checkOptions } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { describe } from '../internal/describe.js'
import type { RunStore } from '../rounds/run-store.js'
import { openStored } from './open-stored.js'
import type { StoreFunctions } from './store-functions.js'
import { type StoreOptions, storeChecks } from './store-options.js'

/** A store of a run that `prune` writes to and `loadRounds` reads. */
export interface EntryStore extends RunStore {
  /** The place of the entries. */
  readonly functions: StoreFunctions
}

const task = 'make a store'

/**
 * Makes a store of a run from three functions: to read, to write and to lock. With them a run goes
 * to any place, such as a bucket or a database.
 *
 * The store writes the entry `run` once, an entry `round-<n>` for each finished round, and the entry
 * `point` for the state within a round. Each has a magic number, a version and checksums. W0, and
 * the checkpoint of a rewinder, are written once and not in every round.
 *
 * @param functions How entries are read and written, and how one writer at a time is let in.
 * @param options How a run goes on in a model that is not quite that of its start.
 * @returns A store for the option `store` of `prune`, and for `loadRounds`.
 * @throws {TypeError} If a function is missing, or an option is unknown.
 *
 * @example
 * ```ts
 * import { storeOf } from 'tfjs-prune/runs'
 *
 * const entries = new Map<string, Uint8Array>()
 * let isHeld = false
 * const store = storeOf({
 *   read: (entry) => entries.get(entry),
 *   write: (entry, bytes) => void entries.set(entry, bytes),
 *   lock: () => {
 *     if (isHeld) throw new Error('Cannot write: expected one writer, got two')
 *     isHeld = true
 *     return () => void (isHeld = false)
 *   },
 * })
 * if (typeof store.open !== 'function') throw new Error('a store for prune')
 * ```
 */
export function storeOf(functions: StoreFunctions, options: StoreOptions = {}): EntryStore {
  checkOptions(options, { task, checks: storeChecks })
  for (const name of ['read', 'write', 'lock'] as const) {
    if (typeof functions?.[name] === 'function') continue
    const got = describe(functions?.[name])
    throw new TypeError(`Cannot ${task}: expected a function ${name}, got ${got}`)
  }
  const own = copyOptions(options, storeChecks)
  return { functions, open: (facts) => openStored(functions, { facts, options: own }) }
}
