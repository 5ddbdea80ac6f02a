// Time to import the package in a fresh process of Node, against the import of tfjs-core and
// tfjs-layers that it needs anyway, and against a build with one file for each module of src.
// Needs `npm run build`.
import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { report } from './support/measure.js'

const TURNS = 11
const PEERS = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']
const MODULE_BY_MODULE = '.cache/module-by-module'

interface Times {
  readonly peers: number
  readonly library: number
}

/** Writes each module of src to a file of its own. */
async function buildModuleByModule(): Promise<string> {
  rmSync(MODULE_BY_MODULE, { recursive: true, force: true })
  const entryPoints = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join('src', path))
  await build({ entryPoints, outdir: MODULE_BY_MODULE, outbase: 'src', format: 'esm' })
  return join(MODULE_BY_MODULE, 'index.js')
}

/** Seconds of the imports in a process of their own, the peers first. */
function timeImports(path: string): Times {
  const module = pathToFileURL(resolve(path)).href
  const code = `
    const start = performance.now()
    for (const peer of ${JSON.stringify(PEERS)}) await import(peer)
    const middle = performance.now()
    await import('${module}')
    const end = performance.now()
    console.log(JSON.stringify({ peers: (middle - start) / 1000, library: (end - middle) / 1000 }))`
  const args = ['--input-type=module', '--eval', code]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Times
}

/** Noise on a shared machine only ever adds. */
const least = (values: readonly number[]) => Math.min(...values)

export async function run(): Promise<void> {
  const paths = { package: 'dist/index.js', 'module by module': await buildModuleByModule() }
  const times = Object.entries(paths).map(([subject, path]) => ({
    subject,
    path,
    taken: [] as Times[],
  }))
  for (let turn = 0; turn < TURNS; turn++)
    for (const { path, taken } of times) taken.push(timeImports(path))
  for (const { subject, taken } of times) {
    const seconds = least(taken.map(({ library }) => library))
    const baselineSeconds = least(taken.map(({ peers }) => peers))
    const ratio = baselineSeconds / seconds
    const common = { bench: 'import-time', subject, seconds }
    report({ ...common, baseline: 'tfjs-core and tfjs-layers', baselineSeconds, ratio })
  }
}
