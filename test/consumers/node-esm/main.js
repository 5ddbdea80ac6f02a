// Plain JavaScript in Node: two rounds of prune() on a small model, and the laws of criteria on a user's own.
import assert from 'node:assert/strict'
import '@tensorflow/tfjs-backend-cpu'
import { abs, randomNormal, setBackend, sub, train, zerosLike } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune } from 'tfjs-prune'
import { criterionLaws } from 'tfjs-prune/testing'

await setBackend('cpu')
const hidden = layers.dense({ units: 8, activation: 'relu', inputShape: [4] })
const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
const data = { xs: randomNormal([32, 4], 0, 1, 'float32', 1), ys: Array.from({ length: 32 }, (_, i) => i % 2) }

const result = await prune(model, {
  train: fit(data, { optimizer: () => train.adam(0.01), epochs: 2 }),
  evaluate: evaluateOn(data, { positiveClass: 1 }),
  schedule: [1, 0.25],
})

assert.equal(result.feasible, true)
assert.deepEqual(
  result.rounds.map(({ density }) => density),
  [1, 0.25],
)
const left = [0, 2].map(
  (index) =>
    model
      .getWeights()
      [index].dataSync()
      .filter((value) => value !== 0).length,
)
assert.deepEqual(left, [8, 4])

const distance = ({ initial, final }) => abs(sub(final, initial))
for (const { check } of criterionLaws) await check(() => distance)
const idle = ({ final }) => zerosLike(final)
const tellsApart = criterionLaws.find(({ law }) => law === 'tells the elements of a trained weight apart')
assert.throws(() => tellsApart.check(() => idle), /^Error: Expected more than .* different scores of .*, got 1$/)
