import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Sizes of a built site. */
export interface SiteBytes {
  readonly files: number
  readonly pages: number
  /** Bytes of all files. */
  readonly bytes: number
  /** Bytes of the first page and of the code and styles that it names, gzipped. */
  readonly firstPage: number
}

/** Measures a built site. */
export function bytesOfSite(folder: string): SiteBytes {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
  const first = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...first.matchAll(/(?:src|href)="([^"#]+\.(?:js|css|svg))"/g)]
    .map(([, path]) => join(folder, path!))
    .filter((path) => existsSync(path))
  const loaded = [join(folder, 'index.html'), ...new Set(named)]
  return {
    files: files.length,
    pages: files.filter((path) => path.endsWith('.html')).length,
    bytes: files.reduce((sum, path) => sum + statSync(path).size, 0),
    firstPage: loaded.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0),
  }
}
