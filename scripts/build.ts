/**
 * Builds the JavaScript of the package: a thin file for each entry point, and behind them few files
 * grouped by what they import (see output-files.ts). Not minified, so that a stack trace can be
 * read. tsup writes the types beside them.
 */
import { readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { transform } from 'esbuild'
import { type Plugin, type PluginContext, rollup } from 'rollup'
import { entryPoints, subpathOf } from './entry-points.js'
import { outputFiles } from './output-files.js'
import { markPureCalls } from './pure-calls.js'

const { peerDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const OTHERS = Object.keys({ ...peerDependencies, ...dependencies })

const entries = new Map(
  Object.entries(entryPoints).map(([output, source]) => [resolve(source), subpathOf(output)]),
)

/** Takes the types out; `import type` goes with them. */
const typescript: Plugin = {
  name: 'typescript',
  resolveId: (specifier, importer) =>
    specifier.startsWith('.') && importer
      ? resolve(importer, '..', specifier.replace(/\.js$/, '.ts'))
      : undefined,
  async transform(code, file) {
    const options = { loader: 'ts', target: 'es2022', sourcefile: file } as const
    const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } }
    return {
      code: (await transform(markPureCalls(file, code), { ...options, tsconfigRaw })).code,
      map: null,
    }
  },
}

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
