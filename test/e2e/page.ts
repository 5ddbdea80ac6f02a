/**
 * Runs in the browser: does the same work on the backend that it is told, and says what came out.
 */
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgl'
import {
  grad,
  memory,
  randomNormal,
  ready,
  setBackend,
  type Tensor,
  tensor1d,
  tidy,
  train,
} from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  type Sequential,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  evaluateOn,
  fit,
  type Loss,
  maskedOptimizer,
  prune,
} from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { compressed } from './compressed-models.js'
import { LOSSES, lossOfBatch } from './example-losses.js'
import { movedImages } from './moved-images.js'
import { quantised } from './quantised-models.js'
import { shrunk } from './shrunk-models.js'

/** Name of a tfjs backend. */
export type Backend = 'cpu' | 'webgl' | 'wasm'

/** A loss over a fixed batch. */
export interface LossOutcome {
  readonly value: number
  readonly gradient: readonly number[]
}

/** What two rounds of `prune` came to. */
export interface PruneOutcome {
  readonly densities: readonly number[]
  readonly trainingLosses: readonly number[]
  /** Kernel weights of the model that are not 0 at the end. */
  readonly alive: number
}

/** What {@link run} says: plain JSON. */
export interface Outcome {
  readonly losses: Readonly<Record<string, LossOutcome>>
  /** Names of losses that are not finite for extreme batches. */
  readonly unboundedLosses: readonly string[]
  /** Kernel weights that are not 0 after 50 steps of Adam under a mask that keeps 12 of 48. */
  readonly aliveAfterAdam: number
  readonly mlp: PruneOutcome
  readonly cnn: PruneOutcome
  /** Images after an augmentation, by its name. */
  readonly images: Readonly<Record<string, readonly number[]>>
  /** Tensors at the end, less those at the start. */
  readonly tensorsLeft: number
}

declare global {
  interface Window {
    run: typeof run
    quantised: typeof quantised
    shrunk: typeof shrunk
    compressed: typeof compressed
  }
}

async function run(backend: Backend): Promise<Outcome> {
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
  if (backend === 'wasm') registerWasmGradients()
  const before = memory().numTensors
  const outcome = {
    losses: measureLosses(),
    unboundedLosses: findUnbounded(),
    aliveAfterAdam: await holdMask(),
    mlp: await pruneTwice(mlp(), [4]),
    cnn: await pruneTwice(cnn(), [8, 8, 1]),
    images: await movedImages(),
  }
  return { ...outcome, tensorsLeft: memory().numTensors - before }
}

/** Each loss for models with one, two and three outputs. */
function measureLosses(): Record<string, LossOutcome> {
  const outcomes: Record<string, LossOutcome> = {}
  for (const [name, make] of Object.entries(LOSSES)) {
    for (const outputs of [1, 2, 3]) {
      outcomes[`${name}, ${outputs} outputs`] = tidy(() => {
        const [value, gradient] = lossOfBatch(make(outputs), outputs)
        return { value: value.dataSync()[0]!, gradient: [...gradient.dataSync()] }
      })
    }
  }
  return outcomes
}

/**
 * Names of the losses whose value or gradient is not finite for scores of +-50, right or wrong, or
 * one class alone.
 */
function findUnbounded(): string[] {
  // As many samples as lossOfBatch has: on webgl each other number has shaders of its own.
  const often = (four: readonly number[]) => Array.from({ length: 12 }, (_, i) => four[i % 4]!)
  const batches = [
    { labels: often([1, 0, 1, 0]), scores: often([50, -50, 50, -50]) },
    { labels: often([0, 1, 0, 1]), scores: often([50, -50, 50, -50]) },
    { labels: often([1, 1, 1, 1]), scores: often([50, -50, 0, 1]) },
    { labels: often([0, 0, 0, 0]), scores: often([50, -50, 0, 1]) },
    { labels: [1], scores: [0] },
  ]
  const isBounded = (loss: Loss, { labels, scores }: (typeof batches)[number]) =>
    tidy(() => {
      const [yTrue, yPred] = [tensor1d(labels), tensor1d(scores)]
      const gradient = grad((prediction: Tensor) => loss(yTrue, prediction))(yPred)
      return [...loss(yTrue, yPred).dataSync(), ...gradient.dataSync()].every(Number.isFinite)
    })
  const ofLogits = Object.entries(LOSSES).filter(([name]) => !name.includes('probabilities'))
  return ofLogits
    .filter(([, make]) => !batches.every((batch) => isBounded(make(1), batch)))
    .map(([name]) => name)
}

async function holdMask(): Promise<number> {
  const model = mlp()
  const mask = await computeMask(model, { density: 0.25 })
  applyMask(model, mask)
  const optimizer = maskedOptimizer(model, train.adam(0.05), mask)
  const [xs, ys] = [
    randomNormal([8, 4], 0, 1, 'float32', 3),
    randomNormal([8, 2], 0, 1, 'float32', 4),
  ]
  model.compile({ optimizer, loss: 'meanSquaredError' })
  for (let step = 0; step < 50; step++) await model.trainOnBatch(xs, ys)
  const alive = countAlive(model)
  for (const one of [xs, ys, optimizer, model]) one.dispose()
  return alive
}

async function pruneTwice(model: Sequential, shape: readonly number[]): Promise<PruneOutcome> {
  const xs = randomNormal([16, ...shape], 0, 1, 'float32', 5)
  const data = { xs, ys: Int32Array.from({ length: 16 }, (_, i) => Number(i % 4 === 0)) }
  const { rounds } = await prune(model, {
    train: fit(data, {
      optimizer: () => train.momentum(0.01, 0.9),
      epochs: 2,
      batchSize: 8,
      clipNorm: 5,
    }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: [1, 0.5],
  })
  const alive = countAlive(model)
  for (const one of [xs, model]) one.dispose()
  return {
    densities: rounds.map(({ density }) => density),
    trainingLosses: rounds.map(({ trainingLoss }) => trainingLoss),
    alive,
  }
}

const seeded = (seed: number) => initializers.glorotUniform({ seed })

function mlp(): Sequential {
  return sequential({
    layers: [
      layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
      layers.dense({ units: 2, kernelInitializer: seeded(2) }),
    ],
  })
}

function cnn(): Sequential {
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
  return sequential({
    layers: [
      layers.conv2d({ ...conv, filters: 4, inputShape: [8, 8, 1], kernelInitializer: seeded(1) }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv, filters: 4, strides: 2, kernelInitializer: seeded(2) }),
      layers.flatten(),
      layers.dense({ units: 2, kernelInitializer: seeded(3) }),
    ],
  })
}

/** Kernel elements that are not 0; biases are never pruned. */
function countAlive(model: LayersModel): number {
  const kernels = model.getWeights().filter(({ rank }) => rank > 1)
  return kernels.reduce(
    (sum, kernel) => sum + kernel.dataSync().filter((value) => value !== 0).length,
    0,
  )
}

setWasmPaths('/wasm/')
window.quantised = quantised
window.compressed = compressed
window.shrunk = shrunk
window.run = run
