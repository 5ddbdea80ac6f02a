import { fileError } from '../../files/disk/file-system.js'
import { nodeBuiltin } from '../../internal/node-builtin.js'

/** A file of lines that is open at its end. */
export interface OpenLines {
  /** Adds a line, whole or not at all; it is on the disk when the promise resolves. */
  readonly append: (line: string) => Promise<void>
  /** Waits for lines that are being added, and closes the file. */
  readonly close: () => Promise<void>
}

/** The functions of `node:fs/promises` that are used here alone. */
interface OpenToAppend {
  open(path: string, flags: 'a'): Promise<AppendedFile>
}

interface AppendedFile {
  appendFile(bytes: Uint8Array): Promise<void>
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** Opens a file of lines whose first `bytes` bytes are whole lines; the rest is cut off. */
export async function openLines(
  path: string,
  { bytes, task }: { readonly bytes: number; readonly task: string },
): Promise<OpenLines> {
  const wanted = `to write ${path}`
  const files = nodeBuiltin<{ promises: OpenToAppend }>('node:fs')!.promises
  const file = await files.open(path, 'a').catch((error) => {
    throw fileError(error, task, wanted)
  })
  let length = bytes
  const cut = () => file.truncate(length)
  await cut()
  let last: Promise<void> = Promise.resolve()
  const write = async (line: Uint8Array) => {
    try {
      await file.appendFile(line)
      await file.datasync()
      length += line.length
    } catch (error) {
      // A part of the line may be there, such as on a full disk.
      await cut().catch(() => {})
      throw fileError(error, task, wanted)
    }
  }
  return {
    append: (line) => {
      const added = last.then(() => write(new TextEncoder().encode(`${line}\n`)))
      last = added.catch(() => {})
      return added
    },
    close: async () => {
      await last
      await file.close()
    },
  }
}
