// Samples a second that a network trains on wasm with this package's kernels, against the cpu
// backend.
import { fileURLToPath } from 'node:url'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { startWasm } from '../examples/support/backend.js'
import { report } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const BATCH = 32

interface Network {
  readonly network: string
  readonly build: () => LayersModel
  /** Training steps on wasm, and on the cpu backend; the fastest counts. */
  readonly steps: number
  readonly cpuSteps: number
  /**
   * Smaller where the cpu backend takes many seconds for 32 samples; it takes as long for each of
   * them.
   */
  readonly cpuBatch: number
}

const networks: readonly Network[] = [
  { network: 'reference-cnn', build: referenceCnn, steps: 200, cpuSteps: 4, cpuBatch: 4 },
  { network: '784-300-100-10', build: mlp, steps: 400, cpuSteps: 20, cpuBatch: BATCH },
]

/**
 * Least processor time of several runs, after some to warm up. The backends use one thread, so it
 * is the time on an idle machine, even for a run of several seconds on a busy one.
 */
function leastProcessorSeconds(runs: number, run: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = -Math.ceil(runs / 5); i < runs; i++) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    if (i >= 0) best = Math.min(best, (user + system) / 1e6)
  }
  return best
}

/**
 * Samples a second of one step of SGD with momentum on the backend in use: gradients and update,
 * loss read back.
 */
function samplesPerSecond(
  build: () => LayersModel,
  { batch, steps }: { batch: number; steps: number },
): number {
  const model = build()
  const [inputs, outputs] = [model.inputs[0]!, model.outputs[0]!].map(
    ({ shape }) => shape.slice(1) as number[],
  )
  const xs = tf.randomNormal([batch, ...inputs!], 0, 1, 'float32', 1)
  const ys = tf.oneHot(
    Array.from({ length: batch }, (_, i) => i % outputs![0]!),
    outputs![0]!,
  )
  const optimizer: tf.Optimizer = tf.train.momentum(0.001, 0.9)
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const loss = () =>
    tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor) as tf.Scalar
  const step = () => {
    const { value, grads } = tf.variableGrads(loss, variables)
    optimizer.applyGradients(grads)
    value.dataSync()
    value.dispose()
    tf.dispose(grads)
  }
  const seconds = leastProcessorSeconds(steps, step)
  optimizer.dispose()
  model.dispose()
  tf.dispose([xs, ys])
  return batch / seconds
}

async function measure({ network, build, steps, cpuSteps, cpuBatch }: Network): Promise<void> {
  await startWasm()
  const samples = samplesPerSecond(build, { batch: BATCH, steps })
  const common = {
    bench: 'training',
    network,
    batch: BATCH,
    subject: 'wasm',
    samplesPerSecond: samples,
  }
  await tf.setBackend('cpu')
  const onCpu = samplesPerSecond(build, { batch: cpuBatch, steps: cpuSteps })
  report({ ...common, baseline: 'cpu', baselineSamplesPerSecond: onCpu, ratio: samples / onCpu })
}

export async function run(): Promise<void> {
  for (const network of networks) await measure(network)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
