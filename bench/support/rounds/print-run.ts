// npx tsx bench/support/rounds/print-run.ts NETWORK tfjs|sparse SEED EPOCHS FOLDER: one run of
// Algorithm 1 in seven rounds, as a JSON object.
import * as tf from '@tensorflow/tfjs-core'
import { evaluateOn, fit, geometric, prune, type Train, weightedCrossentropy } from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../../../examples/support/backend.js'
import { readXRays, standardise } from '../../../examples/support/pneumonia.js'
import { builders } from './networks.js'
import type { RoundsNetwork, RoundsRun, Seconds } from './runs.js'

const [, , network, side, seed, epochs, folder] = process.argv as string[]

const now = (): Seconds => {
  const { user, system } = process.cpuUsage()
  return { processor: (user + system) / 1e6, wall: performance.now() / 1e3 }
}
const since = (start: Seconds): Seconds => {
  const { processor, wall } = now()
  return { processor: processor - start.processor, wall: wall - start.wall }
}

await startWasm()
const started = now()
const { train, test } = standardise({
  train: readXRays(folder!, 'train'),
  test: readXRays(folder!, 'test'),
})
const training: Seconds[] = []
const trainRound = fit(train, {
  // one positive to five negatives
  loss: weightedCrossentropy({ weights: 5 }),
  optimizer: () => tf.train.momentum(0.002, 0.9),
  ...{ epochs: Number(epochs), clipNorm: 5, seed: Number(seed) },
  ...(side === 'sparse' && { engine: sparseTraining() }),
})
const timed: Train = async (context) => {
  const start = now()
  const made = await trainRound(context)
  training.push(since(start))
  return made
}
const model = builders[network as RoundsNetwork](Number(seed))
const { rounds } = await prune(model, {
  train: timed,
  evaluate: evaluateOn(test, { positiveClass: 1 }),
  schedule: geometric({ keep: 0.5, rounds: 7 }),
})
const run: RoundsRun = {
  ...since(started),
  levels: rounds.map(({ density, evaluation: { auc, falseNegativeRate }, engine }, i) => ({
    ...{ density, training: training[i]!, auc, falseNegativeRate },
    ...(engine && { engine: engine.name }),
  })),
}
console.log(JSON.stringify(run))
