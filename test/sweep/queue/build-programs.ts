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
 * Builds the programs of the tests, and the one that runs jobs, laid out as in `dist`: a test that
 * starts dozens of processes would spend its time on the reading of TypeScript.
 */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'programs-'))
  await build({
    entryPoints: {
      'test/work': join(ROOT, 'test/sweep/queue/work.ts'),
      'test/drive': join(ROOT, 'test/sweep/queue/drive.ts'),
      'sweep/job-process': join(ROOT, 'src/sweep/job-process/main.ts'),
    },
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
  })
  return {
    work: join(folder, 'test/work.js'),
    drive: join(folder, 'test/drive.js'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
