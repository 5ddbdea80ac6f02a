import { createStore, get, set } from 'idb-keyval'
import { describe } from '../internal/describe.js'
import type { Release } from './store-functions.js'
import { type EntryStore, storeOf } from './store-of.js'
import type { StoreOptions } from './store-options.js'

/** The Web Locks of a page or worker, as far as they are used. */
interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    work: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>
}

const task = 'use IndexedDB'

/**
 * Keeps a run in the IndexedDB of a page, where it survives the page: a run that was left, or whose
 * tab was closed, goes on in the same origin.
 *
 * Works in pages and workers. One writer is let in at a time, among all tabs and workers of the
 * origin; a tab that is closed lets the next one in. The browser may delete the data of an origin
 * when the disk is full, unless `navigator.storage.persist()` was granted.
 *
 * @param name Name of the run: one database, `tfjs-prune-run-<name>`.
 * @param options How a run goes on in a model that is not quite that of its start.
 * @returns A store. Where there is no IndexedDB, or the page is not secure (https, localhost), the
 *   run ends with an error before training.
 * @throws {TypeError | RangeError} If the name is no text or empty, or an option is unknown or
 *   wrong.
 *
 * @example
 * ```ts
 * import { indexedDbStore } from 'tfjs-prune/runs'
 *
 * const store = indexedDbStore('digits')
 * if (typeof store.open !== 'function') throw new Error('a store for prune')
 * ```
 */
export function indexedDbStore(name: string, options: StoreOptions = {}): EntryStore {
  if (typeof name !== 'string')
    throw new TypeError(`Cannot ${task}: expected a name of the run, got ${describe(name)}`)
  if (name === '') throw new RangeError(`Cannot ${task}: expected a name of the run, got ''`)
  const database = `tfjs-prune-run-${name}`
  let opened: ReturnType<typeof createStore> | undefined
  const entries = () => {
    if (!('indexedDB' in globalThis))
      throw new Error(`Cannot ${task}: expected a page or a worker, got a platform without it`)
    opened ??= createStore(database, 'entries')
    return opened
  }
  return storeOf(
    {
      name: `the IndexedDB ${name}`,
      read: async (entry) => get<Uint8Array>(entry, entries()),
      write: async (entry, bytes) => set(entry, bytes, entries()),
      lock: async () => lockFor(database),
    },
    options,
  )
}

/** Holds the lock of a database until it is released or the page is gone. */
async function lockFor(database: string): Promise<Release> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: Locks }
  if (!locks) {
    const wanted = 'a secure page (https or localhost), whose navigator.locks let in one writer'
    throw new Error(`Cannot ${task}: expected ${wanted}, got one without them`)
  }
  return new Promise((resolve, reject) => {
    const hold = (lock: unknown) => {
      if (lock) {
        const { promise, release } = untilReleased()
        resolve(release)
        return promise
      }
      const got = 'another tab, worker or call at work on it: close that, or wait for its end'
      reject(new Error(`Cannot write to ${database}: expected one writer, got ${got}`))
      return undefined
    }
    locks.request(database, { ifAvailable: true }, hold).catch(reject)
  })
}

function untilReleased(): { readonly promise: Promise<void>; readonly release: Release } {
  let release = () => {}
  const promise = new Promise<void>((resolve) => {
    release = resolve
  })
  return { promise, release: () => release() }
}
