// A web page that imports two pure functions gets those two, and nothing of tfjs.
import assert from 'node:assert/strict'
import { build } from 'esbuild'

const { metafile } = await build({
  entryPoints: ['page.js'],
  outfile: 'out.js',
  bundle: true,
  minify: true,
  platform: 'browser',
  metafile: true,
})
const { inputs, bytes } = metafile.outputs['out.js']
const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0)
assert.deepEqual(
  used.filter((path) => path.includes('@tensorflow')),
  [],
  'the bundle holds code of tfjs',
)
assert.ok(bytes < 4000, `the bundle has ${bytes} bytes`)

await import('./out.js')
assert.deepEqual(globalThis.result, [1, 0.25])

// A page that loads a compressed model: nothing of Node, nothing of training, and tfjs only where the page has it anyway.
const loader = await build({
  entryPoints: ['loader.js'],
  outfile: 'loader.out.js',
  bundle: true,
  minify: true,
  platform: 'browser',
  external: ['@tensorflow/*'],
  format: 'esm',
  metafile: true,
})
const { imports, bytes: loaderBytes } = loader.metafile.outputs['loader.out.js']
assert.deepEqual([...new Set(imports.map(({ path }) => path))], ['@tensorflow/tfjs-core'])
assert.ok(loaderBytes < 20_000, `the loader has ${loaderBytes} bytes`)
