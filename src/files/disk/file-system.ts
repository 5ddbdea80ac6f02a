import { nodeBuiltin } from '../../internal/node-builtin.js'

/** The functions of `node:fs/promises` that are used. */
export interface Files {
  lstat(path: string): Promise<Stats & { isSymbolicLink(): boolean }>
  mkdir(path: string, options: { recursive: true }): Promise<unknown>
  open(path: string | URL, flags: 'wx' | number): Promise<OpenFile>
  readdir(path: string): Promise<string[]>
  realpath(path: string): Promise<string>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: true }): Promise<void>
  stat(path: string | URL): Promise<Stats>
}

/** The facts about a file that are used. */
export interface Stats {
  isFile(): boolean
  readonly size: number
  readonly ino: number
  readonly mtimeMs: number
}

/** An open file. */
export interface OpenFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: null,
  ): Promise<{ bytesRead: number }>
  stat(): Promise<Stats>
  writeFile(bytes: Uint8Array, options?: { signal?: AbortSignal | undefined }): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

interface Paths {
  basename(path: string): string
  dirname(path: string): string
  isAbsolute(path: string): boolean
  join(...parts: string[]): string
  relative(from: string, to: string): string
  resolve(path: string): string
}

/** Files of Node; undefined where there are none. */
export function filesOfNode(): Files | undefined {
  return nodeBuiltin<{ promises: Files }>('node:fs')?.promises
}

/** Files and paths of Node; throws where there are none. */
export function fileSystem(task: string): { files: Files; paths: Paths } {
  const [files, paths] = [filesOfNode(), nodeBuiltin<Paths>('node:path')]
  if (files && paths) return { files, paths }
  const wanted = 'Node 20.16 or later for a path of files'
  throw new Error(`Cannot ${task}: expected ${wanted}, got a platform without files`)
}

/** An error of the file system in the words of this library; the original one is its cause. */
export function fileError(cause: unknown, task: string, wanted: string): Error {
  const got = cause instanceof Error ? cause.message : String(cause)
  return new Error(`Cannot ${task}: expected ${wanted}, got ${got}`, { cause })
}
