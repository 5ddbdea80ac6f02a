import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes a file whole or not at all; its folder is made if there is none. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.tfjs-prune-${randomUUID()}.tmp`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, content, { flag: 'wx' })
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot write ${path}: expected a folder that takes it, got ${got}`, { cause })
  }
}
