import { fileError, fileSystem } from '../files/disk/file-system.js'
import { makeFolder } from '../files/disk/make-folder.js'
import { openToRead } from '../files/disk/open-to-read.js'
import { isPath, pathOf } from '../files/disk/path-of.js'
import { sweep } from '../files/disk/sweep.js'
import { writeAtomically } from '../files/disk/write-atomically.js'
import { describe } from '../internal/describe.js'
import { thenClose } from '../internal/then-close.js'
import { lockFile, sweepLocks } from './lock-file.js'
import type { EntryBytes } from './store-functions.js'
import { type EntryStore, storeOf } from './store-of.js'
import type { StoreOptions } from './store-options.js'

const task = 'store the run'

/**
 * Keeps a run in a folder, in Node: a run that was ended, by an error, by Ctrl+C or by `kill -9` at
 * any moment, goes on from its last finished round when it is started again.
 *
 * One file holds one entry. It is written under a temporary name, flushed to the disk and renamed,
 * so that it is there in full or not at all. The file `lock` names the process that writes; that of
 * a process which has ended is taken over.
 *
 * @param path The folder; `file://` may be in front. It is made if there is none.
 * @param options How a run goes on in a model that is not quite that of its start.
 * @returns A store. Where there are no files, in a browser say, the run ends with an error before
 *   training.
 * @throws {TypeError | RangeError} If the path is no text or URL, empty or a URL of another scheme,
 *   or an option is unknown or wrong.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { folderStore } from 'tfjs-prune/runs'
 *
 * const folder = mkdtempSync(join(tmpdir(), 'run-'))
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 *   store: folderStore(folder),
 * })
 * if (!readdirSync(folder).includes('round-1.bin')) throw new Error('a file for each round')
 * rmSync(folder, { recursive: true })
 * ```
 */
export function folderStore(path: string | URL, options: StoreOptions = {}): EntryStore {
  if (typeof path !== 'string' && !(path instanceof URL))
    throw new TypeError(`Cannot ${task}: expected a path of a folder, got ${describe(path)}`)
  if (!isPath(path))
    throw new RangeError(`Cannot ${task}: expected a path or a file:// URL, got ${path}`)
  const folder = pathOf(path, task)
  if (folder === '') throw new RangeError(`Cannot ${task}: expected a path, got '${path}'`)
  return storeOf(
    {
      name: folder,
      read: (entry) => readFile(fileOf(folder, entry)),
      write: async (entry, bytes) => {
        const file = { path: fileOf(folder, entry), bytes }
        await writeAtomically([file], { task, keep: () => true })
        await flushFolder(folder)
      },
      lock: async () => {
        await makeFolder(folder, task)
        const lock = fileSystem(task).paths.join(folder, 'lock')
        const release = await lockFile(lock, task)
        try {
          // No other writes here: temporary files belong to processes that have ended.
          await sweep(folder, Number.POSITIVE_INFINITY)
          await sweepLocks(lock, task)
          return release
        } catch (error) {
          return thenClose(() => Promise.reject(error), release)
        }
      },
    },
    options,
  )
}

const fileOf = (folder: string, entry: string) =>
  fileSystem(task).paths.join(folder, `${entry}.bin`)

async function readFile(path: string): Promise<EntryBytes> {
  const { files } = fileSystem(task)
  try {
    const { file, stats } = await openToRead(path, files)
    try {
      const bytes = new Uint8Array(stats.size)
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, null)
        if (bytesRead === 0) throw new Error(`an end after ${at} bytes of ${bytes.length}`)
        at += bytesRead
      }
      return bytes
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw fileError(error, 'load the run', `to read ${path}`)
  }
}

/** Makes the names of a folder last, where its platform can: a rename is otherwise kept for later. */
async function flushFolder(folder: string): Promise<void> {
  const { files } = fileSystem(task)
  try {
    const file = await files.open(folder, 0)
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  } catch {
    // Windows opens no folder; it keeps names by itself.
  }
}
