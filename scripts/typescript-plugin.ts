import { resolve } from 'node:path'
import { transform } from 'esbuild'
import type { Plugin } from 'rollup'
import { markPureCalls } from './pure-calls.js'

/** Plugin of rollup: finds the sources, and takes the types out; `import type` goes with them. */
export const typescript: Plugin = {
  name: 'typescript',
  resolveId: (specifier, importer) =>
    specifier.startsWith('.') && importer
      ? resolve(importer, '..', specifier.replace(/\.js$/, '.ts'))
      : undefined,
  async transform(code, file) {
    if (!file.endsWith('.ts')) return null
    const options = { loader: 'ts', target: 'es2022', sourcefile: file } as const
    const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } }
    return {
      code: (await transform(markPureCalls(file, code), { ...options, tsconfigRaw })).code,
      map: null,
    }
  },
}
