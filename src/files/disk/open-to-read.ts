import { nodeBuiltin } from '../../internal/node-builtin.js'
import type { Files, OpenFile, Stats } from './file-system.js'

type Flags = Readonly<Record<'O_RDONLY' | 'O_NONBLOCK', number | undefined>>

/**
 * Opens a file and tells its facts. A folder, a device or a pipe is refused: it may never end, and
 * opening a pipe may never return.
 */
export async function openToRead(
  path: string | URL,
  files: Files,
): Promise<{ file: OpenFile; stats: Stats }> {
  // Some devices act when they are opened.
  demandFile(await files.stat(path))
  const { constants } = nodeBuiltin<{ constants: Flags }>('node:fs')!
  // Between the two looks, the file may have been replaced by a pipe.
  const file = await files.open(path, constants.O_RDONLY! | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await file.stat()
    demandFile(stats)
    return { file, stats }
  } catch (error) {
    await file.close()
    throw error
  }
}

function demandFile(stats: Stats): void {
  if (!stats.isFile()) throw new Error('a folder, a device or a pipe')
}
