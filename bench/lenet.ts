// LeNet-300-100 on MNIST at 5 and 2 % of the weights: test error by criterion, against figures that
// others published. The rate falls to 0 in every round. npx tsx bench/lenet.ts [seeds] [epochs]
// [names of systems, with commas between] prints one JSON line a run.
import * as tf from '@tensorflow/tfjs-core'
import {
  evaluateOn,
  fit,
  globally,
  lamp,
  magnitude,
  magnitudeIncrease,
  type PruneOptions,
  prune,
  random,
  snip,
  weightedCrossentropy,
} from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { allDigits } from '../examples/support/mnist.js'
import { wrongShare } from './support/evaluations.js'
import { mlp } from './support/networks.js'

const [seeds = 1, epochs = 8] = process.argv.slice(2, 4).map(Number)
const wanted = process.argv[4]?.split(',')
await startWasm()
const [train, test] = [allDigits('train'), allDigits('t10k')]
const flat = ({ xs, ys }: ReturnType<typeof allDigits>) => ({ xs: tf.reshape(xs, [-1, 784]), ys })
const [data, held] = [flat(train), flat(test)]

// Lottery tickets come down in steps; SNIP and random masks are drawn once, of the untrained
// network.
const RATE = 0.0012
const inSteps = [1, 0.7, 0.49, 0.34, 0.24, 0.17, 0.12, 0.08, 0.05, 0.03, 0.02]
const systems: Record<string, (seed: number) => Partial<PruneOptions>> = {
  magnitude: () => ({ criterion: magnitude(), schedule: inSteps }),
  'magnitude, LAMP': () => ({ criterion: magnitude(), allocate: lamp(), schedule: inSteps }),
  'magnitude increase': () => ({ criterion: magnitudeIncrease(), schedule: inSteps }),
  snip: () => ({ criterion: snip(), allocate: globally(), schedule: [1, 0.05, 0.02] }),
  random: (seed) => ({ criterion: random({ seed }), schedule: [1, 0.05, 0.02] }),
}

for (let seed = 1; seed <= seeds; seed++) {
  for (const [system, pieces] of Object.entries(systems)) {
    if (wanted && !wanted.includes(system)) continue
    const model = mlp()
    const settings = {
      loss: weightedCrossentropy(),
      optimizer: () => tf.train.adam(RATE),
      learningRate: (epoch: number) => RATE * (1 - epoch / epochs),
      epochs,
      batchSize: 60,
      seed,
    }
    const { rounds } = await prune(model, {
      train: fit(data, settings),
      evaluate: evaluateOn(held, { positiveClass: 0, batchSize: 1000 }),
      samples: { xs: tf.slice(data.xs, 0, 1000), ys: data.ys.slice(0, 1000), batchSize: 100 },
      ...pieces(seed),
    })
    model.dispose()
    const errors = rounds.map(({ density, evaluation }) => ({
      density: Number(density.toPrecision(3)),
      // accuracy is that of 0 against the rest; the error is that of ten classes.
      error: Number((100 * wrongShare(evaluation)).toFixed(2)),
    }))
    const seconds = rounds.reduce((sum, round) => sum + round.seconds.training, 0)
    console.log(
      JSON.stringify({
        bench: 'lenet',
        system,
        seed,
        epochs,
        seconds: Math.round(seconds),
        errors,
      }),
    )
  }
}
