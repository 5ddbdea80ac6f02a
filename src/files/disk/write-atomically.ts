import { type Files, fileError, fileSystem } from './file-system.js'
import { sweep, temporaryName } from './sweep.js'

/** A file to write, under a path whose folder exists. */
export interface FileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
}

interface WriteOptions {
  readonly task: string
  /** Whether a file was there before under a path that is renamed to. */
  readonly keep: (path: string) => boolean
  /** Stops before the last file is renamed. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes files so that each appears under its path in full or not at all. All of them are first
 * written under temporary names in the same folder and flushed to the disk. Then they are renamed,
 * one after the other in the given order. After an error the temporary files are removed, and the
 * renamed ones too, except those for which `keep` says that they were there before. Temporary files
 * that a killed process has left there are removed as well.
 */
export async function writeAtomically(
  list: readonly FileToWrite[],
  { task, keep, signal }: WriteOptions,
): Promise<void> {
  const { files, paths } = fileSystem(task)
  const staged = list.map((file) => ({
    ...file,
    temporary: paths.join(paths.dirname(file.path), temporaryName()),
  }))
  const renamed: string[] = []
  let current = ''
  let now = 0
  try {
    for (const { path, bytes, temporary } of staged) {
      current = path
      now = await writeThrough(files, { path: temporary, bytes }, signal)
    }
    for (const { path, temporary } of staged) {
      current = path
      signal?.throwIfAborted()
      await files.rename(temporary, path)
      renamed.push(path)
    }
  } catch (error) {
    const stray = [
      ...staged.map(({ temporary }) => temporary),
      ...renamed.filter((path) => !keep(path)),
    ]
    // The first error is the one to tell.
    await Promise.allSettled(stray.map((path) => files.rm(path, { force: true })))
    signal?.throwIfAborted()
    throw fileError(error, task, `to write ${current}`)
  }
  await sweep(paths.dirname(current), now)
}

/** Writes a file that is not there yet, and tells the time by the clock of the file system. */
async function writeThrough(
  files: Files,
  { path, bytes }: FileToWrite,
  signal: AbortSignal | undefined,
): Promise<number> {
  const file = await files.open(path, 'wx')
  try {
    await file.writeFile(bytes, { signal })
    await file.sync()
    return (await file.stat()).mtimeMs
  } finally {
    await file.close()
  }
}
