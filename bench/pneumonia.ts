// Red, black and random pruning on PneumoniaMNIST 1:5, a CNN on wasm, in the setting of
// docs/guide/paper.md. DATA_DIR=... npx tsx bench/pneumonia.ts [seeds] [sparse] prints one JSON line
// a run and the means over 100 to 6.25 %.
import * as tf from '@tensorflow/tfjs-core'
import {
  evaluateOn,
  fit,
  geometric,
  type PruneOptions,
  paper,
  prune,
  type RoundReport,
  random,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import { buildModel, findXRays, readXRays, standardise } from '../examples/support/pneumonia.js'

const folder = findXRays('pneumonia-1to5')
if (!folder) throw new Error('This study needs the folder pneumonia-1to5; say where with DATA_DIR')
const seeds = Number(process.argv[2] ?? 3)
const engine = process.argv[3] === 'sparse' ? sparseTraining() : undefined

await startWasm()
const { train, test } = standardise({
  train: readXRays(folder, 'train'),
  test: readXRays(folder, 'test'),
})
const scenarios: Record<
  string,
  (seed: number) => { loss: ReturnType<typeof paper.red> } & Partial<PruneOptions>
> = {
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
      train: fit(train, {
        loss,
        optimizer: () => tf.train.momentum(0.002, 0.9),
        epochs: 12,
        clipNorm: 5,
        seed,
        ...(engine && { engine }),
      }),
      evaluate: evaluateOn(test, { positiveClass: 1 }),
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
  const at = (low: number) =>
    mean(runs.map((run) => run.find(({ density }) => density < low)!.evaluation.auc))
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
  console.log(
    JSON.stringify({ bench: 'pneumonia', levels: '100 to 6.25 %', seeds, ...summary, fewerMisses }),
  )
}
