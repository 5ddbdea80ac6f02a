import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, geometric, paper, prune, stratifiedBatches } from 'tfjs-prune'
import { saveCompressed } from 'tfjs-prune/files'
import type { Digits } from '../support/mnist.js'

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })
const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const

function buildModel(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ ...conv, ...seeded(1), filters: 16, inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv, ...seeded(2), filters: 32 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ ...seeded(3), units: 64, activation: 'relu' }),
      layers.dense({ ...seeded(4), units: 2 }),
    ],
  })
}

const SHOWN = 16

/** The parts of a data set that the model of the page needs. */
export interface Parts {
  readonly train: Digits
  readonly validation: Digits
  /** The first 16 are shown on the page. */
  readonly shown: Digits
}

/** Trains and prunes a network that finds one digit; writes `model.tfpr` and `pictures.bin`. */
export async function makeModel(
  folder: string,
  { train, validation, shown }: Parts,
  { epochs, rounds }: { epochs: number; rounds: number },
): Promise<void> {
  const model = buildModel()
  await prune(model, {
    train: fit(train, {
      loss: paper.black(),
      optimizer: () => tf.train.momentum(0.005, 0.9),
      batches: stratifiedBatches({ labels: train.ys, batchSize: 32, seed: 1 }),
      ...{ epochs, clipNorm: 5 },
    }),
    evaluate: evaluateOn(validation, { positiveClass: 1 }),
    schedule: geometric({ keep: 0.25, rounds }),
    select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
  })
  mkdirSync(folder, { recursive: true })
  await saveCompressed(model, join(folder, 'model.tfpr'))
  model.dispose()
  const pixels = shown.xs.dataSync().subarray(0, SHOWN * 28 * 28)
  const bytes = Uint8Array.from(pixels, (pixel) => Math.round(255 * pixel))
  writeFileSync(join(folder, 'pictures.bin'), bytes)
}
