import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))

/** Names of the files in a bundle, by the output that holds them. */
export type Outputs = Metafile['outputs']

/**
 * Writes the page into a folder: its script in `page.js`, tfjs in other files that are loaded on
 * demand, its HTML, and the WebAssembly of tfjs.
 */
export async function bundlePage(folder: string): Promise<Outputs> {
  mkdirSync(folder, { recursive: true })
  rmSync(join(folder, 'code'), { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [join(here, 'page.ts')],
    outdir: folder,
    chunkNames: 'code/[hash]',
    ...{ bundle: true, splitting: true, minify: true, metafile: true },
    ...{ format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'error' },
  })
  for (const name of ['index.html', 'style.css']) cpSync(join(here, name), join(folder, name))
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
    cpSync(join(wasm, name), join(folder, 'wasm', name))
  return metafile.outputs
}

/** Source files that a browser loads with an output, those that are imported on demand left out. */
export function loadedAtOnce(outputs: Outputs, name: string): string[] {
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { kind, path: next } of outputs[path]!.imports)
      if (kind === 'import-statement') visit(next)
  }
  const entry = Object.keys(outputs).find((path) => path.endsWith(`/${name}`))
  if (entry === undefined) throw new Error(`Expected ${name} in the bundle, got none`)
  visit(entry)
  return [...seen].flatMap((path) => Object.keys(outputs[path]!.inputs)).sort()
}
