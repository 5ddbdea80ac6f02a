import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Programs of TypeScript as files that Node runs as they are. */
export interface Programs {
  readonly work: string
  readonly drive: string
  readonly remove: () => void
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Builds the programs of the tests, and the entry point behind them in files of its own: a test that
 * starts dozens of processes would spend its time on the reading of TypeScript.
 */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'programs-'))
  await build({
    entryPoints: {
      work: join(ROOT, 'test/sweep/queue/work.ts'),
      drive: join(ROOT, 'test/sweep/queue/drive.ts'),
      sweep: join(ROOT, 'src/sweep/index.ts'),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
  })
  return {
    work: join(folder, 'work.js'),
    drive: join(folder, 'drive.js'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
