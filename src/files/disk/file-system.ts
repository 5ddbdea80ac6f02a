import { nodeBuiltin } from './node-builtin.js'

/** The functions of `node:fs/promises` that are used. */
export interface Files {
  mkdir(path: string, options: { recursive: true }): Promise<unknown>
  open(path: string | URL, flags: 'r' | 'wx'): Promise<OpenFile>
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>
  rename(from: string, to: string): Promise<void>
  stat(path: string): Promise<{ isFile(): boolean }>
  rm(path: string, options: { force: true }): Promise<void>
}

interface OpenFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: null,
  ): Promise<{ bytesRead: number }>
  writeFile(bytes: Uint8Array): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

interface Paths {
  basename(path: string): string
  dirname(path: string): string
  join(...parts: string[]): string
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

/**
 * The path of a `file://` URL by the rule of tfjs-node: all that follows the scheme. A plain path
 * stays as it is.
 */
export function pathOf(url: string): string {
  return url.startsWith('file://') ? url.slice('file://'.length) : url
}

/**
 * Whether a text is a path or a `file://` URL, and not a URL of another scheme, `data:` and `blob:`
 * among them.
 */
export function isPath(url: string): boolean {
  return url.startsWith('file://') || !/^([a-z][a-z\d+.-]*:\/\/|data:|blob:)/i.test(url)
}

/** An error of the file system in the words of this library; the original one is its cause. */
export function fileError(cause: unknown, task: string, wanted: string): Error {
  const got = cause instanceof Error ? cause.message : String(cause)
  return new Error(`Cannot ${task}: expected ${wanted}, got ${got}`, { cause })
}
