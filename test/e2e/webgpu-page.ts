/**
 * Runs in the browser: does the same work on WebGPU and on cpu. It reads by `data()` alone, since
 * WebGPU takes a tenth of a second for each read that waits.
 */
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgpu'
import {
  memory,
  randomNormal,
  ready,
  setBackend,
  type Tensor,
  tensor,
  train,
} from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  loadLayersModel,
  type Sequential,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  computeMask,
  evaluateOn,
  fit,
  forClasses,
  magnitude,
  prune,
  taylor,
  weightedSum,
} from 'tfjs-prune'
import { compressedHandler, saveCompressed } from 'tfjs-prune/files'
import { sumOf } from 'tfjs-prune/losses'
import { hasFiniteWeights } from '../../src/training/has-finite-weights.js'
import { LOSSES, lossOfBatch } from './example-losses.js'
import { movedImages } from './moved-images.js'

/** What one backend came to: plain JSON. */
export interface WebGpuOutcome {
  /** Value, then gradient, of each loss with each number of outputs. */
  readonly losses: Readonly<Record<string, readonly number[]>>
  /** 1 = kept, for each criterion. */
  readonly masks: Readonly<Record<string, string>>
  readonly densities: readonly number[]
  readonly trainingLosses: readonly number[]
  /** Outputs after pruning, and those of the model that was saved and loaded. */
  readonly outputs: readonly number[]
  readonly loaded: readonly number[]
  /** Whether weights of ten layers are told finite, without and with a NaN in one. */
  readonly finite: readonly boolean[]
  /** Images after an augmentation, by its name. */
  readonly images: Readonly<Record<string, readonly number[]>>
  readonly tensorsLeft: number
}

const CLASSES = 8

async function run(backend: 'cpu' | 'webgpu'): Promise<WebGpuOutcome> {
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
  const before = memory().numTensors
  const outcome = {
    losses: await measureLosses(),
    masks: await measureMasks(),
    ...(await pruneSaveLoad()),
    finite: await lookForNaN(),
    images: await movedImages(),
  }
  return { ...outcome, tensorsLeft: memory().numTensors - before }
}

async function measureLosses(): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {}
  for (const outputs of [1, 3]) {
    const ofLogits = Object.entries(LOSSES).filter(([name]) => !name.includes('probabilities'))
    const sum = () => sumOf(...ofLogits.map(([, make]) => make(outputs)))
    for (const [name, make] of [...Object.entries(LOSSES), ['sumOf', sum] as const]) {
      const tensors = lossOfBatch(make(outputs), outputs)
      found[`${name}, ${outputs} outputs`] = (await Promise.all(tensors.map(take))).flat()
    }
  }
  return found
}

async function measureMasks(): Promise<Record<string, string>> {
  const criteria: Record<string, Criterion> = {
    magnitude: magnitude(),
    'forClasses of taylor': forClasses(taylor(), Array(CLASSES).fill(1)),
    'weightedSum of nine': weightedSum(
      Array.from({ length: 9 }, (_, i) => ({
        criterion: i % 2 ? magnitude() : taylor(),
        weight: i + 1,
      })),
    ),
  }
  const xs = randomNormal([32, 4], 0, 1, 'float32', 5)
  const samples = { xs, ys: Int32Array.from({ length: 32 }, (_, i) => i % CLASSES) }
  const found: Record<string, string> = {}
  for (const [name, criterion] of Object.entries(criteria)) {
    const model = mlp(1)
    const mask = await computeMask(model, { density: 0.5, criterion, samples })
    found[name] = mask.weights.map(({ values }) => values.join('')).join(' ')
    model.dispose()
  }
  xs.dispose()
  return found
}

async function pruneSaveLoad() {
  const model = mlp(1)
  const xs = randomNormal([16, 4], 0, 1, 'float32', 6)
  const data = { xs, ys: Int32Array.from({ length: 16 }, (_, i) => Number(i % 4 === 0)) }
  const optimizer = () => train.momentum(0.01, 0.9)
  const { rounds } = await prune(model, {
    train: fit(data, { optimizer, epochs: 2, batchSize: 8, clipNorm: 5 }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: [1, 0.5],
  })
  const predict = (one: LayersModel) => take(one.predict(xs) as Tensor)
  const outputs = await predict(model)
  let file = new Blob()
  await saveCompressed(model, (bytes) => {
    file = new Blob([bytes])
  })
  const copy = await loadLayersModel(compressedHandler(file))
  const loaded = await predict(copy)
  for (const one of [xs, model, copy]) one.dispose()
  return {
    densities: rounds.map(({ density }) => density),
    trainingLosses: rounds.map(({ trainingLoss }) => trainingLoss),
    outputs,
    loaded,
  }
}

async function lookForNaN(): Promise<boolean[]> {
  const model = mlp(4)
  const found = [await hasFiniteWeights(model)]
  const bias = tensor(Float32Array.of(Number.NaN, ...Array(CLASSES - 1).fill(0)))
  model.layers.at(-1)!.setWeights([model.layers.at(-1)!.getWeights()[0]!, bias])
  found.push(await hasFiniteWeights(model))
  for (const one of [bias, model]) one.dispose()
  return found
}

/** Numbers of a tensor, which is disposed. */
async function take(one: Tensor): Promise<number[]> {
  const values = [...(await one.data())]
  one.dispose()
  return values
}

const seeded = (seed: number) => initializers.glorotUniform({ seed })

function mlp(hidden: number): Sequential {
  return sequential({
    layers: [
      ...Array.from({ length: hidden }, (_, i) =>
        layers.dense({
          units: 8,
          activation: 'relu',
          ...(i === 0 && { inputShape: [4] }),
          kernelInitializer: seeded(i + 1),
        }),
      ),
      layers.dense({ units: CLASSES, kernelInitializer: seeded(9) }),
    ],
  })
}

declare global {
  interface Window {
    runOn: typeof run
  }
}

window.runOn = run
