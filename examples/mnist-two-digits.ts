// Two digits that must not be missed: a convolutional network for all ten digits is pruned, and a
// certificate promises that at most 5 % of the 3s and at most 5 % of the 8s are taken for another
// digit. The test images show whether it holds. About two minutes; EXAMPLES=short takes fewer.

import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyTrained, evaluateOn, fit, geometric, prune } from 'tfjs-prune'
import {
  certifyClasses,
  classSamplesNeeded,
  decideClass,
  formatRateCertificate,
} from 'tfjs-prune/certify'
import { weightedCrossentropy } from 'tfjs-prune/losses'
import { clopperPearson } from 'tfjs-prune/metrics'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { isShort, startWasm } from './support/backend.js'
import { someDigits } from './support/mnist.js'

await startWasm()
const started = performance.now()
const size = isShort ? 3000 : 12_000
const train = someDigits('train', { from: 0, count: size })
const tuning = someDigits('train', { from: 20_000, count: isShort ? 3000 : 8000 })
const calibration = someDigits('train', { from: 30_000, count: isShort ? 5000 : 12_000 })
const test = someDigits('t10k', { from: 0, count: isShort ? 3000 : 10_000 })

const promise = { maximumFalseNegativeRates: { 3: 0.05, 8: 0.05 }, confidence: 0.95 }
const had = (digit: number) => calibration.ys.filter((label) => label === digit).length
for (const [digit, needed] of Object.entries(classSamplesNeeded(promise)))
  console.log(`Digit ${digit} needs ${needed} calibration images, and has ${had(Number(digit))}.`)

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })
const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
const model = sequential({
  layers: [
    layers.conv2d({ filters: 8, ...conv, ...seeded(1), inputShape: [28, 28, 1] }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, ...conv, ...seeded(2) }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 32, activation: 'relu', ...seeded(3) }),
    layers.dense({ units: 10, ...seeded(4) }),
  ],
})
const { rounds } = await prune(model, {
  train: fit(train, {
    loss: weightedCrossentropy(),
    optimizer: () => tf.train.adam(0.003),
    epochs: isShort ? 3 : 5,
    seed: 1,
    engine: sparseTraining(),
  }),
  evaluate: evaluateOn(tuning, { positiveClass: 8 }),
  schedule: geometric({ keep: 0.5, rounds: isShort ? 2 : 7 }),
  // The first convolution has 72 weights: at 1.57 % one would stay.
  select: { limits: [{ include: /\/kernel$/, minimumKept: 48 }] },
})

const certificate = await certifyClasses(rounds, { model, tuning, calibration, ...promise })
console.log(`\n${formatRateCertificate(certificate)}\n`)
const { accepted } = certificate
if (!accepted) throw new Error(certificate.reason)

applyTrained(model, rounds.find(({ round }) => round === accepted.round)!)
const probabilities = (await tf
  .tidy(() => {
    return tf.softmax(model.predict(test.xs, { batchSize: 256 }) as tf.Tensor2D)
  })
  .array()) as number[][]
const decide = (weights: readonly number[]) => probabilities.map((row) => decideClass(row, weights))
const plain = decide(new Array<number>(10).fill(1))
const certified = decide(accepted.weights)
const missed = (decided: readonly number[], digit: number) => {
  const own = decided.filter((_, i) => test.ys[i] === digit)
  const wrong = own.filter((one) => one !== digit).length
  const { lower, upper } = clopperPearson(wrong, own.length)
  const [rate, low, high] = [wrong / own.length, lower, upper].map((one) => (100 * one).toFixed(1))
  return `${wrong} of ${own.length} (${rate} %, ${low} to ${high})`
}
console.log(`On ${test.ys.length} test images, round ${accepted.round}:`)
for (const digit of [3, 8]) {
  console.log(`  ${digit} missed by the largest output: ${missed(plain, digit)}`)
  console.log(`  ${digit} missed by the class weights: ${missed(certified, digit)}`)
}
const errors = (decided: readonly number[]) =>
  ((100 * decided.filter((one, i) => one !== test.ys[i]).length) / test.ys.length).toFixed(1)
console.log(
  `  wrong in all: ${errors(plain)} % before, ${errors(certified)} % by the class weights`,
)
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s in all.`)
