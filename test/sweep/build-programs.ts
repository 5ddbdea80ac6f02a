import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

/** Programs of TypeScript as files that Node runs as they are. */
export interface Programs {
  /** A worker of a queue. */
  readonly work: string
  /** A driver of a queue. */
  readonly drive: string
  /** A driver of counted jobs, in its own process or in others. */
  readonly driver: string
  /** A driver of a job that never ends. */
  readonly blockedDriver: string
  readonly remove: () => void
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Sources of the programs, and of the modules that they load by path. */
const SOURCES = {
  work: 'test/sweep/queue/work.ts',
  drive: 'test/sweep/queue/drive.ts',
  driver: 'test/sweep/jobs/driver.ts',
  'blocked-driver': 'test/sweep/jobs/blocked-driver.ts',
  counted: 'test/sweep/jobs/counted.ts',
  hazards: 'test/sweep/jobs/hazards.ts',
  sweep: 'src/sweep/index.ts',
}

const OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
} as const satisfies BuildOptions

/**
 * Builds the programs of the tests, and the entry point behind them in files of its own: a test that
 * starts dozens of processes would spend its time on the reading of TypeScript.
 */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'programs-'))
  const entries = Object.entries(SOURCES).map(([name, path]) => [name, join(ROOT, path)])
  await Promise.all([
    build({
      ...OPTIONS,
      entryPoints: Object.fromEntries(entries),
      outdir: folder,
      splitting: true,
      packages: 'external',
    }),
    joinBull(join(folder, 'node_modules/bullmq')),
  ])
  const program = (name: keyof typeof SOURCES) => join(folder, `${name}.js`)
  return {
    work: program('work'),
    drive: program('drive'),
    driver: program('driver'),
    blockedDriver: program('blocked-driver'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Joins the hundreds of files of BullMQ into one, which the programs beside it find first. */
async function joinBull(folder: string): Promise<void> {
  await build({
    ...OPTIONS,
    stdin: { contents: "export * from 'bullmq'", resolveDir: ROOT },
    outfile: join(folder, 'index.js'),
    mainFields: ['module', 'main'],
    external: ['ioredis'],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';const require=requireFrom(import.meta.url);",
    },
  })
  const settings = { type: 'module', exports: './index.js' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(settings))
}
