import { type Files, fileError, fileSystem } from './file-system.js'

/** A file to write, under a path whose folder exists. */
export interface FileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * Writes files so that each appears under its path in full or not at all. All of them are first
 * written under temporary names in the same folder and flushed to the disk. Then they are renamed,
 * one after the other in the given order. After an error the temporary files are removed, and the
 * renamed ones too, except those for which `keep` says that they were there before.
 */
export async function writeAtomically(
  list: readonly FileToWrite[],
  { task, keep }: { task: string; keep: (path: string) => boolean },
): Promise<void> {
  const { files, paths } = fileSystem(task)
  const staged = list.map((file) => ({
    ...file,
    temporary: paths.join(paths.dirname(file.path), temporaryName()),
  }))
  const renamed: string[] = []
  let current = ''
  try {
    for (const { path, bytes, temporary } of staged) {
      current = path
      await writeThrough(files, { path: temporary, bytes })
    }
    for (const { path, temporary } of staged) {
      current = path
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
    throw fileError(error, task, `to write ${current}`)
  }
}

async function writeThrough(files: Files, { path, bytes }: FileToWrite): Promise<void> {
  const file = await files.open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A unique name. It shows in no result, so that it needs no seed. */
function temporaryName(): string {
  return `.${globalThis.crypto.randomUUID()}.tmp`
}
