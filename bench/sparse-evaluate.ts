/**
 * `evaluateOn` with compiled networks as its engine against tfjs: the whole call, compiling
 * included, medians of processor time, on wasm and on the plain cpu backend.
 */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { applyMask, computeMask, evaluateOn } from 'tfjs-prune'
import { sparseEngine } from 'tfjs-prune/sparse'
import { startStockWasm } from '../examples/support/backend.js'
import { mediansInTurns, processorSecondsOf, report } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const networks = { 'LeNet-300-100': mlp, 'reference CNN': referenceCnn }
const DENSITIES = [1, 0.25, 0.0157]
const SAMPLES = 1024

async function compare(backend: string, name: keyof typeof networks, density: number) {
  const model = networks[name]()
  applyMask(model, await computeMask(model, { density }))
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  const xs = tf.randomNormal([SAMPLES, ...shape], 0, 1, 'float32', 1)
  const data = { xs, ys: Array.from({ length: SAMPLES }, (_, i) => i % 2) }
  const engine = sparseEngine({ when: 'always' })
  const sides = [
    evaluateOn(data, { positiveClass: 1 }),
    evaluateOn(data, { positiveClass: 1, engine }),
  ]
  const turns = backend === 'cpu' && name === 'reference CNN' ? 1 : 9
  const [tfjs, sparse] = await mediansInTurns(
    turns,
    sides.map((evaluate) => () => evaluate(model)),
    processorSecondsOf,
  )
  const chosen = await sparseEngine().open(model, { backend })
  report({
    ...{ bench: 'sparse-evaluate', backend, network: name, density, samples: SAMPLES },
    ...{
      tfjs: tfjs! * 1e3,
      sparse: sparse! * 1e3,
      ratio: tfjs! / sparse!,
      takes: chosen.used.name,
    },
  })
  chosen.dispose()
  xs.dispose()
  model.dispose()
}

/** Milliseconds of both sides, and the one that `'faster'` takes. */
export async function run(): Promise<void> {
  for (const backend of ['wasm', 'cpu']) {
    await (backend === 'wasm' ? startStockWasm() : tf.setBackend('cpu'))
    for (const name of Object.keys(networks) as (keyof typeof networks)[])
      for (const density of DENSITIES) await compare(backend, name, density)
  }
}
