// Every system of the paper and the controls that it leaves out, on chest X-rays at 1:5 with a CNN
// on wasm. DATA_DIR=... npx tsx bench/systems.ts [names...] prints one JSON line a system: FNR, FPR
// and AUC at 12.5 and 1.57 %.
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  classDependent,
  evaluateOn,
  fineTune,
  fit,
  geometric,
  type Loss,
  type LossSchedule,
  layerwiseObs,
  magnitude,
  type PruneOptions,
  paper,
  prune,
  type RoundReport,
  random,
  snip,
  type Train,
} from 'tfjs-prune'
import { falseNegativeRateAt, thresholdForRecall } from 'tfjs-prune/metrics'
import { startWasm } from '../examples/support/backend.js'
import {
  buildModel,
  findXRays,
  readXRays,
  type Samples,
  standardise,
} from '../examples/support/pneumonia.js'
import { separable } from '../experiments/class-dependent/networks/separable.js'

/** What a system runs on. */
export interface Setting {
  readonly train: Samples
  readonly test: Samples
  readonly seed: number
}

/** A network at some level of a system. */
export interface Level {
  readonly density: number
  readonly auc: number
  readonly fnr: number
  readonly fpr: number
  /** FNR where the FPR is 15 %. */
  readonly fnrAtFixedFpr: number
}

const levelOf = ({ density, evaluation }: RoundReport): Level => ({
  density,
  auc: evaluation.auc,
  fnr: evaluation.falseNegativeRate,
  fpr: evaluation.falsePositiveRate,
  fnrAtFixedFpr: falseNegativeRateAt(evaluation.labels!, evaluation.scores!, {
    positiveClass: 1,
    falsePositiveRate: 0.15,
  }),
})

interface Run extends Partial<PruneOptions> {
  readonly loss?: Loss | LossSchedule
  readonly rate?: number
  readonly epochs?: number
  readonly model?: (seed: number) => LayersModel | Promise<LayersModel>
  /** Trains the dense network only: what is pruned stays as it is. */
  readonly onlyDense?: boolean
}

async function roundsOf(setting: Setting, run: Run = {}): Promise<readonly RoundReport[]> {
  const {
    loss = paper.red(),
    rate = 0.002,
    epochs = 12,
    model: build = buildModel,
    onlyDense = false,
    ...pieces
  } = run
  const { train, test, seed } = setting
  const model = await build(seed)
  const trained = fit(train, {
    loss,
    optimizer: () => tf.train.momentum(rate, 0.9),
    epochs,
    clipNorm: 5,
    seed,
  })
  const dense: Train = (context) => (context.round === 0 ? trained(context) : undefined)
  const { rounds } = await prune(model, {
    train: onlyDense ? dense : trained,
    evaluate: evaluateOn(test, { positiveClass: 1 }),
    schedule: geometric({ keep: 0.5, rounds: 7 }),
    samples: train,
    ...pieces,
  })
  model.dispose()
  return rounds
}

const all = async (setting: Setting, run?: Run) => (await roundsOf(setting, run)).map(levelOf)

/** Plain lottery tickets whose threshold finds as many positives as black does. */
async function atBlacksRecall(setting: Setting): Promise<Level[]> {
  const [red, black] = [await roundsOf(setting), await roundsOf(setting, { loss: paper.black() })]
  return red.map((round, i) => {
    const { labels, scores } = round.evaluation
    const recall = 1 - black[i]!.evaluation.falseNegativeRate
    const moved = thresholdForRecall(labels!, scores!, { positiveClass: 1, recall })
    return { ...levelOf(round), fnr: 1 - moved.recall, fpr: moved.falsePositiveRate }
  })
}

/** Each runs one row of docs/guide/paper.md. */
export const systems: Readonly<Record<string, (setting: Setting) => Promise<Level[]>>> = {
  red: (setting) => all(setting),
  blue: (setting) => all(setting, { loss: paper.blue() }),
  black: (setting) => all(setting, { loss: paper.black() }),
  green: (setting) => all(setting, { loss: paper.green() }),
  // The trained network, pruned and made up for layer by layer, never trained again.
  'L-OBS': (setting) =>
    all(setting, { criterion: layerwiseObs(), rewind: fineTune(), onlyDense: true }),
  // Masks of the untrained network: on the trained weights, and trained from the start.
  'SNIP, not trained again': (setting) =>
    all(setting, { criterion: snip(), rewind: fineTune(), onlyDense: true }),
  'SNIP, trained again': (setting) => all(setting, { criterion: snip() }),
  MobileNet: (setting) =>
    all(setting, {
      model: (seed) => separable.build([28, 28, 1], seed),
      schedule: [1],
      epochs: 36,
    }),
  'red at the recall of black': atBlacksRecall,
  'red at five times the rate': (setting) => all(setting, { rate: 0.01 }),
  'class weight 5 alone': (setting) => all(setting, { loss: classDependent({ gamma: 5 }) }),
  'random pruning': (setting) => all(setting, { criterion: random({ seed: setting.seed }) }),
  'magnitude instead of its increase': (setting) => all(setting, { criterion: magnitude() }),
}

const folder = findXRays('pneumonia-1to5')
if (!folder) throw new Error('This study needs the folder pneumonia-1to5; say where with DATA_DIR')
await startWasm()
const data = standardise({ train: readXRays(folder, 'train'), test: readXRays(folder, 'test') })
const wanted = process.argv.slice(2)
for (const [name, run] of Object.entries(systems)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const started = performance.now()
  const levels = await run({ ...data, seed: 1 })
  const shown = levels.filter(
    ({ density }, i) => i === 0 || (density > 0.12 && density < 0.13) || density < 0.02,
  )
  const seconds = (performance.now() - started) / 1000
  const short = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value
  console.log(JSON.stringify({ bench: 'systems', system: name, seconds, levels: shown }, short))
}
