/**
 * Compiled networks with two threads, and with relaxed instructions, against one thread without
 * them: milliseconds of a call, least and median of calls in turns. On a machine with idle
 * processors the time of day falls as that of the caller's thread does; on a busy one it does not.
 */
import { loadavg } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import * as tf from '@tensorflow/tfjs-core'
import { type CompileSparseOptions, compileSparse, workerThreads } from 'tfjs-prune/sparse'
import { startStockWasm } from '../examples/support/backend.js'
import { callerTime } from './support/caller-time.js'
import { report } from './support/measure.js'
import { alexNet, referenceCnn } from './support/networks.js'
import { pruned } from './support/pruned.js'

const densities = [1, 0.25, 0.0625, 0.0157]
const CASES = [
  { name: 'AlexNet 224', build: alexNet, batch: 1, densities },
  { name: 'reference CNN', build: referenceCnn, batch: 32, densities },
]
const WAYS: Readonly<Record<string, CompileSparseOptions>> = {
  plain: {},
  relaxed: { relaxed: true },
  threads: { threads: workerThreads({ count: 2 }) },
}
/** Milliseconds of all calls of a case. */
const ALL = 6000
/** Calls of one subject before the next: its threads stay awake. */
const IN_A_ROW = 10

interface Times {
  readonly wall: number[]
  /** Of all threads. */
  readonly processor: number[]
  /** Of the caller's thread, for all calls: hosts tell it in steps of some milliseconds. */
  caller: number
}

function turn(run: () => void, times: Times): void {
  const start = callerTime()
  for (let i = 0; i < IN_A_ROW; i++) {
    const from = performance.now()
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    times.wall.push(performance.now() - from)
    times.processor.push((user + system) / 1000)
  }
  times.caller += callerTime() - start
}

function summary(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  return { least: sorted[0], median: sorted[sorted.length >> 1] }
}

export async function run(): Promise<void> {
  setFlagsFromString('--experimental-wasm-relaxed-simd') // Node 20 has them behind it
  await startStockWasm()
  for (const { name, build, batch, densities } of CASES) {
    for (const density of densities) {
      const model = await pruned(build, density)
      const subjects = await Promise.all(
        Object.entries(WAYS).map(async ([way, options]) => ({
          way,
          network: await compileSparse(model, options),
          times: { wall: [], processor: [], caller: 0 } as Times,
        })),
      )
      const xs = tf.randomNormal([batch, ...subjects[0]!.network.inputs[0]!], 0, 1, 'float32', 1)
      const input = xs.dataSync() as Float32Array
      for (const { network } of subjects) network.predict(input)
      const from = performance.now()
      while (performance.now() - from < ALL)
        for (const { network, times } of subjects) turn(() => network.predict(input), times)
      for (const { way, network, times } of subjects) {
        const { wall, processor, caller } = times
        const figures = {
          ...{ wall: summary(wall), processor: summary(processor) },
          caller: { mean: caller / wall.length },
        }
        const load = loadavg()[0]
        report({ bench: 'sparse-threads', network: name, density, batch, way, ...figures, load })
        network.dispose()
      }
      xs.dispose()
      model.dispose()
    }
  }
}
