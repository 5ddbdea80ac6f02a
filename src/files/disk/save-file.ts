import { type Files, fileSystem } from './file-system.js'
import { makeFolder } from './make-folder.js'
import { type FileToWrite, writeAtomically } from './write-atomically.js'

/**
 * Writes one file, whole or not at all; its folder is made if there is none. A folder or a device
 * is not replaced.
 */
export async function saveFile(file: FileToWrite, task: string): Promise<void> {
  const { files, paths } = fileSystem(task)
  await makeFolder(paths.dirname(file.path), task)
  if (await isOccupied(files, file.path)) {
    throw new Error(
      `Cannot ${task}: expected a path of a file, got a folder or a device, ${file.path}`,
    )
  }
  await writeAtomically([file], { task, keep: () => true })
}

async function isOccupied(files: Files, path: string): Promise<boolean> {
  try {
    return !(await files.stat(path)).isFile()
  } catch {
    // Nothing is there, or the attempt to write will tell.
    return false
  }
}
