import { refusal } from '../model/refusal.js'
import { fileError, fileSystem } from './file-system.js'
import { openToRead } from './open-to-read.js'

const TASK = 'load the model'

/** A file below a folder, as it is now. */
export interface FileInside {
  /** Where it lies, symbolic links followed. */
  readonly path: string
  readonly size: number
  /** Another one for a file that was replaced or written to. */
  readonly version: string
}

/**
 * Looks for a file below a folder. A symbolic link that leads out of the folder is refused, so that
 * a downloaded model reads no other files.
 */
export async function findInside(folder: string, name: string): Promise<FileInside> {
  const { files, paths } = fileSystem(TASK)
  const path = paths.join(folder, name)
  return reading(path, async () => {
    const [root, target] = [await files.realpath(folder), await files.realpath(path)]
    const way = paths.relative(root, target)
    if (way === '..' || /^\.\.[/\\]/.test(way) || paths.isAbsolute(way))
      throw refusal(`${path} to lie in its folder`, `a symbolic link to ${target}`)
    const { size, ino, mtimeMs } = await files.stat(target)
    return { path: target, size, version: `${ino} ${mtimeMs} ${size}` }
  })
}

/** Reads a file of the size that it had when it was found, and no byte more. */
export async function readInside({ path, size }: FileInside): Promise<ArrayBuffer> {
  const { files } = fileSystem(TASK)
  return reading(path, async () => {
    const { file, stats } = await openToRead(path, files)
    try {
      if (stats.size !== size) throw new Error(`${stats.size} bytes where ${size} were before`)
      const bytes = new Uint8Array(size)
      for (let at = 0; at < size; ) {
        const { bytesRead } = await file.read(bytes, at, size - at, null)
        if (bytesRead === 0) throw new Error(`an end after ${at} bytes of ${size}`)
        at += bytesRead
      }
      return bytes.buffer
    } finally {
      await file.close()
    }
  })
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith(`Cannot ${TASK}`)) throw error
    throw fileError(error, TASK, `to read ${path}`)
  }
}
