import { fileError, fileSystem } from '../files/disk/file-system.js'
import { temporaryName } from '../files/disk/sweep.js'
import { nodeBuiltin } from '../internal/node-builtin.js'
import { type LockOwner, mayBeAtWork, thisOwner } from './lock-owner.js'
import type { Release } from './store-functions.js'

/** The functions of `node:fs/promises` that are used here alone. */
interface Links {
  link(from: string, to: string): Promise<void>
  readFile(path: string, encoding: 'utf8'): Promise<string>
}

const links = () => nodeBuiltin<{ promises: Links }>('node:fs')!.promises

/**
 * Holds a lock file, which names its owner. That of a process that has ended is taken over. Throws
 * where another one may be at work.
 *
 * A file appears with its contents, by a link, and only if there is none. The lock of an ended owner
 * is replaced under a lock of its own, named after it. Whoever holds that one is the only one who
 * may replace the first, so that two who find it at the same time do not both take it over.
 */
export async function lockFile(path: string, task: string): Promise<Release> {
  const own = thisOwner()
  for (;;) {
    if (await appears(path, own, task)) return async () => remove(path, task)
    const owner = await ownerOf(path, task)
    if (!owner) continue
    if (mayBeAtWork(owner)) throw held(path, owner, task)
    const release = await lockFile(`${path}-${owner.id}`, task)
    try {
      const present = await ownerOf(path, task)
      if (present?.id === owner.id) await remove(path, task)
    } finally {
      await release()
    }
  }
}

/** Makes a lock file; false if there is one. */
async function appears(path: string, owner: LockOwner, task: string): Promise<boolean> {
  const { files, paths } = fileSystem(task)
  const temporary = paths.join(paths.dirname(path), temporaryName())
  try {
    const file = await files.open(temporary, 'wx')
    try {
      await file.writeFile(new TextEncoder().encode(JSON.stringify(owner)))
      await file.sync()
    } finally {
      await file.close()
    }
    await links().link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw fileError(error, task, `to lock ${path}`)
  } finally {
    await files.rm(temporary, { force: true })
  }
}

/** The owner of a lock; undefined if it was given back meanwhile. */
async function ownerOf(path: string, task: string): Promise<LockOwner | undefined> {
  try {
    const owner: unknown = JSON.parse(await links().readFile(path, 'utf8'))
    if (typeof owner !== 'object' || owner === null) throw new TypeError(`it holds ${owner}`)
    return owner as LockOwner
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileError(error, task, `a lock with its owner in ${path}`)
  }
}

/** Removes what takers of locks of ended processes have left. Whoever holds the lock may. */
export async function sweepLocks(path: string, task: string): Promise<void> {
  const { files, paths } = fileSystem(task)
  const folder = paths.dirname(path)
  const left = (await files.readdir(folder)).filter((name) =>
    name.startsWith(`${paths.basename(path)}-`),
  )
  for (const name of left) await remove(paths.join(folder, name), task)
}

async function remove(path: string, task: string): Promise<void> {
  await fileSystem(task).files.rm(path, { force: true })
}

function held(path: string, { pid, host }: LockOwner, task: string): Error {
  const { pid: own, host: here } = thisOwner()
  const isOwn = pid === own && host === here
  const who = isOwn
    ? 'a call of this process'
    : `process ${pid}${host === here ? '' : ` of ${host}`}`
  const remedy = `wait for its end; if it has ended for sure, remove ${path}`
  return new Error(`Cannot ${task}: expected one writer, got ${who} at work on it: ${remedy}`)
}

const codeOf = (error: unknown) => (error as { code?: unknown }).code
