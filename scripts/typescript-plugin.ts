import { resolve } from 'node:path'
import { transform } from 'esbuild'
import type { Plugin } from 'rollup'
import { markPureCalls } from './pure-calls.js'

/** JavaScript of the sources, by their paths: the two builds of a process share it. */
const written = new Map<string, Promise<string>>()

async function javascriptOf(file: string, code: string): Promise<string> {
  const options = { loader: 'ts', target: 'es2022', sourcefile: file } as const
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } }
  return (await transform(markPureCalls(file, code), { ...options, tsconfigRaw })).code
}

/** Plugin of rollup: finds the sources, and takes the types out; `import type` goes with them. */
export const typescript: Plugin = {
  name: 'typescript',
  resolveId: (specifier, importer) =>
    specifier.startsWith('.') && importer
      ? resolve(importer, '..', specifier.replace(/\.js$/, '.ts'))
      : undefined,
  async transform(code, file) {
    if (!file.endsWith('.ts')) return null
    const own = written.get(file) ?? javascriptOf(file, code)
    written.set(file, own)
    return { code: await own, map: null }
  },
}
