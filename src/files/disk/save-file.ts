import { fileError, fileSystem } from './file-system.js'
import { makeFolder } from './make-folder.js'
import { type FileToWrite, writeAtomically } from './write-atomically.js'

/**
 * Writes one file, whole or not at all; its folder is made if there is none. A folder or a device
 * is not replaced. A symbolic link stays one: the file that it leads to is replaced.
 */
export async function saveFile(
  { path, bytes }: FileToWrite,
  { task, signal }: { task: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const { paths } = fileSystem(task)
  await makeFolder(paths.dirname(path), task)
  const target = await targetOf(path, task)
  await writeAtomically([{ path: target, bytes }], { task, keep: () => true, signal })
}

/** The place that a path leads to, where nothing or a file is. */
async function targetOf(path: string, task: string): Promise<string> {
  const { files } = fileSystem(task)
  // Where nothing is, or nobody may look, the attempt to write will tell.
  const link = await files.lstat(path).catch(() => undefined)
  if (link === undefined) return path
  try {
    const target = link.isSymbolicLink() ? await files.realpath(path) : path
    if ((await files.stat(target)).isFile()) return target
  } catch (error) {
    throw fileError(error, task, `a file behind the symbolic link ${path}`)
  }
  throw new Error(`Cannot ${task}: expected a path of a file, got a folder or a device, ${path}`)
}
