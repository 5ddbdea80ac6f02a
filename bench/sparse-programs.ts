/**
 * Compiled networks against stock tfjs on wasm: processor time of the whole call, from a typed
 * array to a typed array, by density and batch; then the least time of each step.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { startStockWasm } from '../examples/support/backend.js'
import { compileSparse } from '../src/sparse/compile-sparse.js'
import { createKernels } from '../src/sparse/kernels/create-kernels.js'
import { createMemory } from '../src/sparse/kernels/memory.js'
import { measureCosts } from '../src/sparse/measure-costs.js'
import { createConstants } from '../src/sparse/programs/layout/memory.js'
import { createProgram } from '../src/sparse/programs/program.js'
import { readNetwork } from '../src/sparse/reading/read-network.js'
import { modelSource } from '../src/sparse/sources/model-source.js'
import { leastProcessorSeconds, report } from './support/measure.js'
import { alexNet, referenceCnn } from './support/networks.js'
import { pruned } from './support/pruned.js'

const networks = { 'reference CNN': referenceCnn, 'AlexNet 224': alexNet }
const DENSITIES = [1, 0.25, 0.0625, 0.0312, 0.0157]
const BATCHES = [1, 32]
const TURNS = 12

/** Milliseconds of each step, the least of some runs. */
async function profile(model: LayersModel, input: Float32Array, batch: number) {
  const memory = createMemory()
  const kernels = await createKernels(memory)
  const costs = await measureCosts(false)
  const machine = { kernels, memory, constants: createConstants(memory) }
  const network = readNetwork(await modelSource(model))
  const program = createProgram(network, machine, { lanes: batch === 1 ? 1 : 16, costs })
  const runs = Array.from({ length: TURNS }, () => program.profile([input], batch))
  const least = (step: number) => Math.min(...runs.map((times) => times[step]!))
  memory.dispose()
  return program.steps.map(({ layer, kind, way }, step) => ({
    step: [layer, way ?? kind].filter(Boolean).join(' '),
    milliseconds: least(step),
  }))
}

/** The furthest output, as a share of the largest. */
function furthest(got: Float32Array, wanted: Float32Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (largest === 0) throw new Error('Expected outputs to compare, got zeros alone')
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0) / largest
}

export async function run(): Promise<void> {
  await startStockWasm()
  for (const [name, build] of Object.entries(networks)) {
    for (const density of DENSITIES) {
      const model = await pruned(build, density)
      const network = await compileSparse(model)
      for (const batch of BATCHES) {
        const shape = [batch, ...network.inputs[0]!]
        const xs = tf.randomNormal(shape, 0, 1, 'float32', 1)
        const input = xs.dataSync() as Float32Array
        xs.dispose()
        const stock = () =>
          tf.tidy(
            () => (model.predict(tf.tensor(input, shape)) as tf.Tensor).dataSync() as Float32Array,
          )
        const compiled = () => network.predict(input) as Float32Array
        const difference = furthest(compiled(), stock())
        const [tfjs, sparse] = [stock, compiled].map((work) => 1000 * leastProcessorSeconds(work))
        const figures = { tfjs, sparse, ratio: tfjs! / sparse!, difference }
        report({ bench: 'sparse-programs', network: name, density, batch, ...figures })
        if (density < 0.02) report({ steps: await profile(model, input, batch) })
      }
      network.dispose()
      model.dispose()
    }
  }
}
