/**
 * Steps with a mask held, fused, against the way of the optimizer itself: the whole call of
 * `minimize`, the least processor time of it in turns. The other side is a class that extends the
 * stock optimizer, which takes its own step.
 */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { applyMask, computeMask, maskedOptimizer, weightedCrossentropy } from 'tfjs-prune'
import { registerCpuUpdates } from 'tfjs-prune/backends/cpu'
import { startWasm } from '../examples/support/backend.js'
import { processorSecondsOf, report } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const [BATCH, TURNS] = [32, 9]
const networks = { '784-300-100-10': mlp, 'reference CNN': referenceCnn }
const optimizers = {
  momentum: [
    () => tf.train.momentum(1e-4, 0.9),
    () => new (class extends tf.MomentumOptimizer {})(1e-4, 0.9),
  ],
  adam: [
    () => tf.train.adam(1e-4),
    () => new (class extends tf.AdamOptimizer {})(1e-4, 0.9, 0.999),
  ],
} as const
const DENSITIES = [1, 0.25, 0.0625]

/** A call of `minimize` on a network of its own. */
async function stepOf(
  build: () => ReturnType<typeof mlp>,
  make: () => tf.Optimizer,
  density: number,
) {
  const model = build()
  const mask = await computeMask(model, { density })
  applyMask(model, mask)
  const held = maskedOptimizer(model, make(), mask)
  const xs = tf.randomNormal([BATCH, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1)
  const ys = tf.tensor1d(Array.from({ length: BATCH }, (_, i) => i % 2))
  const loss = weightedCrossentropy()
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  return () => {
    const cost = () => loss(ys, model.apply(xs, { training: true }) as tf.Tensor)
    const value = held.minimize(cost, true, variables)!
    value.dataSync()
    value.dispose()
  }
}

async function compare(
  network: keyof typeof networks,
  kind: keyof typeof optimizers,
  density: number,
): Promise<void> {
  const slow = tf.getBackend() === 'cpu' && network === 'reference CNN'
  const [turns, runs] = slow ? [2, 1] : [TURNS, tf.getBackend() === 'cpu' ? 3 : 20]
  const steps = await Promise.all(
    optimizers[kind].map((make) => stepOf(networks[network], make, density)),
  )
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = -1; turn < turns; turn++) {
    for (const [side, step] of steps.entries()) {
      const taken = await processorSecondsOf(() => {
        for (let run = 0; run < runs; run++) step()
      })
      if (turn >= 0) least[side] = Math.min(least[side]!, taken / runs)
    }
  }
  const [fused, own] = least
  report({
    ...{ bench: 'updates', backend: tf.getBackend(), network, optimizer: kind, density },
    ...{ batch: BATCH, fused: fused! * 1e3, own: own! * 1e3, ratio: own! / fused! },
  })
}

export async function run(): Promise<void> {
  await startWasm()
  registerCpuUpdates()
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend)
    for (const network of Object.keys(networks) as (keyof typeof networks)[])
      for (const kind of Object.keys(optimizers) as (keyof typeof optimizers)[])
        for (const density of DENSITIES) await compare(network, kind, density)
  }
}
