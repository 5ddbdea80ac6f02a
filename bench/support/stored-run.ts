// A small run that keeps its state in the folder of its first argument, after every epoch: the
// process that bench/kills.ts kills. It prints a line at each epoch that it begins, and at the end a
// hash of all that the rounds hold.
import { createHash } from 'node:crypto'
import '@tensorflow/tfjs-backend-cpu'
import { env, setBackend, tensor2d, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune, type Round, rewindTo } from 'tfjs-prune'
import { folderStore } from 'tfjs-prune/runs'
import { modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { writeWeights } from '../../src/internal/weight-values.js'

const [folder] = process.argv.slice(2)
env().set('PROD', true) // tfjs then keeps its advice about tfjs-node to itself
await setBackend('cpu')
const { uniform } = randomStream(1)
const hidden = layers.dense({ name: 'hidden', units: 24, activation: 'relu', inputShape: [8] })
const model = sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 })] })
const drawn = modelWeights(model).map(({ name, variable }) => {
  return [name, Float32Array.from({ length: variable.size }, () => uniform() - 0.5)] as const
})
writeWeights(model, Object.fromEntries(drawn))
const ys = Int32Array.from({ length: 64 }, (_, i) => Number(i % 4 === 0))
const rows = Array.from(ys, (label) => Array.from({ length: 8 }, () => uniform() + 0.3 * label))
const data = { xs: tensor2d(rows), ys }

const { rounds } = await prune(model, {
  train: fit(data, {
    ...{ optimizer: () => train.adam(0.01), epochs: 8, checkpointEvery: 1 },
    callbacks: { onEpochBegin: (epoch) => console.log(`epoch ${epoch}`) },
  }),
  evaluate: evaluateOn(data, { positiveClass: 1 }),
  schedule: [1, 0.6, 0.35, 0.2, 0.1],
  rewind: rewindTo({ epoch: 2 }),
  ...(folder !== undefined && { store: folderStore(folder) }),
})

/** Arrays as their bytes, NaN as a text, and the keys of objects in one order. */
const plain = (_key: string, value: unknown) => {
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (typeof value === 'number') return `${value}`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
const timeless = rounds.map(({ seconds: _, ...round }: Round) => round)
console.log(createHash('sha256').update(JSON.stringify(timeless, plain)).digest('hex'))
