// Augmentations of a batch of 32 images on wasm, against the step of the reference CNN on it.
import * as tf from '@tensorflow/tfjs-core'
import { type Augment, mirrorImages, shiftImages, weightedCrossentropy } from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { mediansInTurns, report } from './support/measure.js'
import { referenceCnn } from './support/networks.js'

const subjects: Readonly<Record<string, Augment>> = {
  shiftImages: shiftImages({ pixels: 2 }),
  'shiftImages, 0': shiftImages({ pixels: 2, fill: 0 }),
  mirrorImages: mirrorImages(),
}

export async function run(): Promise<void> {
  await startWasm()
  const model = referenceCnn()
  const xs = tf.randomNormal([32, 32, 32, 3], 0, 1, 'float32', 1)
  const ys = tf.tensor1d(Array.from({ length: 32 }, (_, i) => i % 2))
  const [loss, optimizer] = [weightedCrossentropy(), tf.train.momentum(0.001, 0.9)]
  const step = () => {
    const cost = () => loss(ys, model.apply(xs, { training: true }) as tf.Tensor)
    const value = optimizer.minimize(cost, true)!
    value.dataSync()
    value.dispose()
  }
  let seed = 0
  const augmenting = Object.values(subjects).map((augment) => () => {
    const { xs: changed } = augment({ xs: [xs], ys }, { epoch: 0, batch: 0, seed: seed++ })
    for (const one of changed) one.dispose()
  })
  const [baseline, ...others] = await mediansInTurns(100, [step, ...augmenting])
  Object.keys(subjects).forEach((subject, index) => {
    const seconds = others[index]!
    const common = {
      bench: 'augment',
      network: 'reference-cnn',
      backend: 'wasm',
      batch: 32,
      subject,
    }
    const ratio = seconds / baseline!
    report({ ...common, seconds, baseline: 'step', baselineSeconds: baseline, ratio })
  })
}
