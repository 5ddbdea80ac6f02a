// A strict NodeNext project: what users write compiles against the published types, and runs.
import '@tensorflow/tfjs-backend-cpu'
import { mul, ready, setBackend, square, type Tensor, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  evaluateOn,
  falseNegativesAtMost,
  fit,
  type PruneResult,
  prune,
  type RoundReport,
  type Schedule,
} from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'

const energy: Criterion = ({ final, mask }): Tensor => mul(square(final), mask)
const schedule: Schedule = (round) => 0.5 ** round
const register: () => unknown = registerWasmGradients

await setBackend('cpu')
await ready()
const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
const xs = Array.from({ length: 16 }, (_, i) => [i % 2, 1, i / 16, -1])
const data = { xs, ys: Int32Array.from({ length: 16 }, (_, i) => i % 2) }
const result: PruneResult = await prune(model, {
  train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 }),
  evaluate: evaluateOn(data, { positiveClass: 1 }),
  criterion: energy,
  schedule: Object.assign(schedule, { rounds: 3 }),
  stop: falseNegativesAtMost(8, { stopEarly: 3 }),
})
const reports: readonly RoundReport[] = result.rounds
if (reports.map(({ kept }) => kept).join() !== '8,4,2')
  throw new Error(`kept ${reports.map(({ kept }) => kept)}`)
if (typeof register !== 'function') throw new Error('the wasm entry point is empty')
