/** Packs `dist` into a tarball, the thing that users install, for the checks that look at it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

const FOLDER = '.cache/package'

/** What `npm pack` made. */
export interface Tarball {
  /** Absolute path. */
  readonly path: string
  /** Paths of the files inside. */
  readonly files: readonly string[]
}

/**
 * Packs the built library as `npm publish` would.
 *
 * @throws {Error} If `dist` is missing or older than `src`.
 */
export function pack(): Tarball {
  checkBuilt('pack')
  mkdirSync(FOLDER, { recursive: true })
  const args = [
    'pack',
    '--json',
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    FOLDER,
  ]
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' })) as [
    { filename: string; files: { path: string }[] },
  ]
  return { path: resolve(FOLDER, packed.filename), files: packed.files.map(({ path }) => path) }
}

/** Throws unless `dist` is there and newer than `src`. */
export function checkBuilt(task: string): void {
  if (existsSync('dist/index.js') && newest('src') <= newest('dist')) return
  throw new Error(
    `Cannot ${task}: expected a dist that is newer than src, run \`npm run build\` first`,
  )
}

function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(resolve(entry.parentPath, entry.name)).mtimeMs)
  return Math.max(...times)
}
