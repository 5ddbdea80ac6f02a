/**
 * `fit` with `sparseTraining` as its engine against tfjs with our gradients on wasm, with a mask
 * held: whole calls, compiling included, and steps by themselves; `tensorsStep` is a step of which
 * tfjs computes the loss. Least processor time of the turns, in milliseconds a step.
 */
import { loadavg } from 'node:os'
import { train } from '@tensorflow/tfjs-core'
import { startWasm } from '../examples/support/backend.js'
import { report } from './support/measure.js'
import { BATCH, trainingCases } from './support/training/cases.js'
import { measureSides } from './support/training/measure-sides.js'

/** Adam makes whole steps of gradients that are rounding, of either sign: its steps are small. */
const optimizers = { momentum: () => train.momentum(1e-4, 0.9), adam: () => train.adam(1e-6) }

/** Milliseconds a step, by optimizer, network and density. */
export async function run(): Promise<void> {
  await startWasm()
  for (const [name, optimizer] of Object.entries(optimizers))
    for (const training of Object.values(trainingCases))
      for (const density of training.densities) {
        const { found } = await measureSides(training, { density, optimizer })
        const least = Object.entries(found).map(([side, times]) => [side, times.processor.least])
        const { tfjs, compiled, tfjsStep, compiledStep, ...rest } = Object.fromEntries(least)
        report({
          ...{ bench: 'sparse-training', network: training.title, optimizer: name, density },
          ...{ batch: BATCH, load: loadavg()[0], tfjs, compiled, ratio: tfjs / compiled },
          ...{ tfjsStep, compiledStep, ratioOfStep: tfjsStep / compiledStep, ...rest },
        })
      }
}
