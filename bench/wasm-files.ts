// Modules of `toWasm` beside containers with their reader: bytes, milliseconds to the first output,
// and processor time of a sample.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { saveCompressed } from 'tfjs-prune/files'
import { compileSparse, openCompressed, toWasm, type WasmNetwork } from 'tfjs-prune/sparse'
import { startWasm } from '../examples/support/backend.js'
import { bestOf, report } from './support/measure.js'
import { alexNet, mlp, referenceCnn } from './support/networks.js'
import { pruned } from './support/pruned.js'
import { measureInTurns } from './support/speed/times.js'

const NETWORKS = { reference: referenceCnn, mlp, alexnet: () => alexNet() }
const CASES: readonly (readonly [keyof typeof NETWORKS, number])[] = [
  ['reference', 1],
  ['reference', 0.0312],
  ['mlp', 0.0157],
  ['alexnet', 0.0625],
  ['alexnet', 0.0157],
]

const small = (bytes: Uint8Array) => ({
  ...{
    bytes: bytes.length,
    gzip: gzipSync(bytes).length,
    brotli: brotliCompressSync(bytes).length,
  },
})

/** The code that a page needs to run a container. */
async function readerCode(): Promise<Uint8Array> {
  const contents = "export { compileSparse, openCompressed } from './src/sparse/index.ts'"
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
  })
  return outputFiles[0]!.contents
}

/** A module as a function of a sample. */
async function openModule(file: Uint8Array<ArrayBuffer>, outputs: number) {
  const { instance } = await WebAssembly.instantiate(file)
  const { memory, input0, output0, run } = instance.exports as object as WasmNetwork
  return (values: Float32Array) => {
    new Float32Array(memory.buffer, input0.value, values.length).set(values)
    run()
    return new Float32Array(memory.buffer, output0.value, outputs).slice()
  }
}

async function measure(network: keyof typeof NETWORKS, density: number): Promise<void> {
  const model = await pruned(NETWORKS[network], density)
  let container = new Uint8Array()
  await saveCompressed(model, (bytes) => {
    container = bytes
  })
  const file = await toWasm(model)
  const compiled = await compileSparse(model)
  const size = compiled.inputs[0]!.reduce((product, side) => product * side, 1)
  const sample = Float32Array.from({ length: size }, (_, i) => Math.sin(i))
  const wanted = compiled.predict(sample) as Float32Array
  const call = await openModule(file, wanted.length)
  if (!call(sample).every((value, i) => Object.is(value, wanted[i])))
    throw new Error('expected equal outputs')
  const { times } = await measureInTurns(
    [
      { name: 'module', call: () => call(sample) },
      { name: 'compiled', call: () => compiled.predict(sample) as Float32Array },
    ],
    { budget: 1000 },
  )
  const first = {
    module: await bestOf(5, async () => (await openModule(file, wanted.length))(sample)),
    container: await bestOf(5, async () => {
      const opened = await compileSparse(await openCompressed(container))
      opened.predict(sample)
      opened.dispose()
    }),
  }
  report({
    ...{ bench: 'wasm-files', network, density, file: small(file), container: container.length },
    firstOutput: { module: first.module * 1000, container: first.container * 1000 },
    milliseconds: [times.module!.processor.least, times.compiled!.processor.least],
    ratio: times.compiled!.processor.least / times.module!.processor.least,
  })
  compiled.dispose()
  model.dispose()
}

export async function run(): Promise<void> {
  await startWasm()
  report({ bench: 'wasm-files', reader: small(await readerCode()) })
  for (const [network, density] of CASES) await measure(network, density)
}
