import type { Files } from './file-system.js'
import { fileSystem } from './file-system.js'

const NAME = /^\.tfjs-prune-[\da-f-]{36}\.tmp$/
/** A save writes all the time: a temporary file of this age belongs to a process that has ended. */
const STALE = 3_600_000

/** A unique name. It shows in no result, so that it needs no seed. */
export function temporaryName(): string {
  return `.tfjs-prune-${globalThis.crypto.randomUUID()}.tmp`
}

/**
 * Removes temporary files of this library that were last written to an hour before `now` or
 * earlier. A file that cannot be removed stays.
 *
 * @param now By the clock of the file system, which another machine may keep.
 */
export async function sweep(folder: string, now: number): Promise<void> {
  const { files, paths } = fileSystem('sweep')
  const names = await files.readdir(folder).catch(() => [])
  const stale = names.filter((name) => NAME.test(name)).map((name) => paths.join(folder, name))
  await Promise.allSettled(stale.map((path) => removeStale(files, path, now)))
}

async function removeStale(files: Files, path: string, now: number): Promise<void> {
  const stats = await files.lstat(path)
  if (stats.isFile() && now - stats.mtimeMs >= STALE) await files.rm(path, { force: true })
}
