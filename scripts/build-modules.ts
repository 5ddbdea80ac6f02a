/**
 * Builds the JavaScript of the package: a thin file for each entry point, and behind them few files
 * grouped by what they import (see output-files.ts). Not minified, so that a stack trace can be
 * read. tsc and tsup write the types beside them.
 */
import { readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PluginContext, rollup } from 'rollup'
import { entryPoints, subpathOf } from './entry-points.js'
import { outputFiles } from './output-files.js'
import { typescript } from './typescript-plugin.js'

const { peerDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const OTHERS = Object.keys({ ...peerDependencies, ...dependencies })

const entries = new Map(
  Object.entries(entryPoints).map(([output, source]) => [resolve(source), subpathOf(output)]),
)

const filesOf = (context: Pick<PluginContext, 'getModuleInfo'>) =>
  outputFiles({ entries, importsOf: (id) => context.getModuleInfo(id)?.importedIds ?? [] })

rmSync('dist', { recursive: true, force: true })
const bundle = await rollup({
  input: Object.fromEntries(Object.entries(entryPoints)),
  external: OTHERS,
  plugins: [typescript],
  onwarn: (warning) => {
    throw new Error(`The build warns: ${warning.message}`)
  },
})
let fileOf: ReturnType<typeof filesOf> | undefined
await bundle.write({
  dir: 'dist',
  format: 'es',
  chunkFileNames: 'chunks/[name].js',
  hoistTransitiveImports: false,
  minifyInternalExports: false,
  manualChunks: (module, context) => {
    fileOf ??= filesOf(context)
    return fileOf(module)
  },
})
await bundle.close()
