// Red, black and random pruning on PneumoniaMNIST 1:5, a CNN on wasm, in the setting of docs/guide/paper.md.
// DATA_DIR=... npx tsx bench/pneumonia.ts [seeds] prints one JSON line a run and the means over 100 to 6.25 %.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, geometric, type PruneOptions, paper, prune, type RoundReport, random } from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'

const folder = join(process.env.DATA_DIR ?? '', 'pneumonia-1to5')
if (!process.env.DATA_DIR || !existsSync(folder)) {
  throw new Error('This study needs the folder pneumonia-1to5; say where with DATA_DIR')
}
const seeds = Number(process.argv[2] ?? 3)

function readSplit(split: 'train' | 'test'): { pixels: Float32Array; ys: Uint8Array } {
  const pixels = Float32Array.from(readFileSync(join(folder, `${split}-images.bin`)))
  return { pixels, ys: new Uint8Array(readFileSync(join(folder, `${split}-labels.bin`))) }
}

function standardise() {
  const [train, test] = [readSplit('train'), readSplit('test')]
  const mean = train.pixels.reduce((sum, pixel) => sum + pixel, 0) / train.pixels.length
  const variance = train.pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / train.pixels.length
  return [train, test].map(({ pixels, ys }) => {
    const values = pixels.map((pixel) => (pixel - mean) / Math.sqrt(variance))
    return { xs: tf.tensor4d(values, [ys.length, 28, 28, 1]), ys }
  })
}

/** He-normal kernels without truncation, as PyTorch draws them; tfjs's heNormal cuts at two deviations, 12 % narrower. */
function buildModel(seed: number): LayersModel {
  let next = 10 * seed
  const heNormal = (fanIn: number) => ({
    kernelInitializer: initializers.randomNormal({ stddev: Math.sqrt(2 / fanIn), seed: ++next }),
  })
  const conv = (filters: number) => ({ filters, kernelSize: 3, padding: 'same' as const, activation: 'relu' as const })
  return sequential({
    layers: [
      layers.conv2d({ ...conv(16), ...heNormal(9), inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv(32), ...heNormal(9 * 16) }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv(32), ...heNormal(9 * 32) }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu', ...heNormal(7 * 7 * 32) }),
      layers.dense({ units: 2, ...heNormal(64) }),
    ],
  })
}

await startWasm()
const [train, test] = standardise()
const scenarios: Record<string, (seed: number) => { loss: ReturnType<typeof paper.red> } & Partial<PruneOptions>> = {
  red: () => ({ loss: paper.red() }),
  black: () => ({ loss: paper.black() }),
  random: (seed) => ({ loss: paper.red(), criterion: random({ seed }) }),
}

const ledgers: Record<string, RoundReport[][]> = {}
for (let seed = 1; seed <= seeds; seed++) {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const { loss, ...pieces } = scenario(seed)
    const model = buildModel(seed)
    const { rounds } = await prune(model, {
      train: fit(train!, { loss, optimizer: () => tf.train.momentum(0.002, 0.9), epochs: 12, clipNorm: 5, seed }),
      evaluate: evaluateOn(test!, { positiveClass: 1 }),
      schedule: geometric({ keep: 0.5, rounds: 7 }),
      ...pieces,
    })
    model.dispose()
    ledgers[name] = [...(ledgers[name] ?? []), [...rounds]]
    const levels = rounds.map(({ density, evaluation, seconds }) => ({
      density: Number(density.toFixed(4)),
      auc: Number(evaluation.auc.toFixed(4)),
      fnr: Number(evaluation.falseNegativeRate.toFixed(4)),
      fpr: Number(evaluation.falsePositiveRate.toFixed(4)),
      seconds: Number(seconds.training.toFixed(1)),
    }))
    console.log(JSON.stringify({ bench: 'pneumonia', scenario: name, seed, levels }))
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const denseToSixPercent = (runs: RoundReport[][]) =>
  runs.flatMap((rounds) => rounds.filter(({ density }) => density > 0.05))
const summaries = Object.entries(ledgers).map(([name, runs]) => {
  const rounds = denseToSixPercent(runs)
  const at = (low: number) => mean(runs.map((run) => run.find(({ density }) => density < low)!.evaluation.auc))
  return {
    scenario: name,
    auc: mean(rounds.map(({ evaluation }) => evaluation.auc)),
    fnr: mean(rounds.map(({ evaluation }) => evaluation.falseNegativeRate)),
    fpr: mean(rounds.map(({ evaluation }) => evaluation.falsePositiveRate)),
    aucAt12: at(0.13),
  }
})
const red = summaries.find(({ scenario }) => scenario === 'red')!
for (const summary of summaries) {
  const fewerMisses = 1 - summary.fnr / red.fnr
  console.log(JSON.stringify({ bench: 'pneumonia', levels: '100 to 6.25 %', seeds, ...summary, fewerMisses }))
}
