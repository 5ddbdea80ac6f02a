// Scores of each class's own samples: a rare class gets the say that you give it when weights are
// pruned. With criteria of the library and two of one's own.
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import Table from 'cli-table3'
import {
  applyMask,
  applyTrained,
  type Criterion,
  computeMask,
  densityList,
  evaluateOn,
  fit,
  forClasses,
  magnitude,
  needing,
  never,
  normalised,
  prune,
  type SampleEvaluation,
  taylor,
  weightedCrossentropy,
} from 'tfjs-prune'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'

await startWasm()
const seeds = isShort ? [1] : [1, 2, 3, 4, 5, 6]

/** The training part with 12 tumours left among some 180 healthy samples. */
function rareTumours({ xs, ys }: { xs: tf.Tensor2D; ys: Uint8Array }) {
  let tumours = 0
  const rows = Array.from(ys.keys()).filter((i) => ys[i] === 0 || tumours++ < 12)
  return { xs: tf.gather(xs, rows), ys: rows.map((i) => ys[i]!) }
}

function buildModel(seed: number): LayersModel {
  const dense = (units: number, part: number) => ({
    units,
    kernelInitializer: initializers.heNormal({ seed: 10 * seed + part }),
  })
  return sequential({
    layers: [
      layers.dense({ ...dense(64, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(32, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
}

// #region own
/**
 * The effect of a weight on the loss, to first order, without the square of `taylor`: |w|
 * sqrt(E[g^2]).
 */
const saliency: Criterion = needing(['squaredGradient'], ({ final, squaredGradient }) =>
  tf.mul(tf.abs(final), tf.sqrt(squaredGradient)),
)

/** The effect on the loss of tumours counts five times. */
const tumoursFirst = forClasses(saliency, { 0: 1, 1: 5 })

const inUnitsOfTheLayer = (scores: tf.Tensor) => tf.divNoNan(scores, tf.mean(scores))

/** What either class needs: the higher one of two scores, where `forClasses` would add them. */
const neededByEither: Criterion = needing(
  [
    { statistic: 'squaredGradient', class: 0 },
    { statistic: 'squaredGradient', class: 1 },
  ],
  ({ ofClass }) =>
    tf.maximum(inUnitsOfTheLayer(saliency(ofClass(0))), inUnitsOfTheLayer(saliency(ofClass(1)))),
)
// #endregion

const criteria: Record<string, Criterion> = {
  'magnitude()': magnitude(),
  'taylor()': taylor(),
  'forClasses(taylor(), { 0: 1, 1: 5 })': forClasses(taylor(), { 0: 1, 1: 5 }),
  "forClasses(normalised(taylor(), 'sum'), [1, 1])": forClasses(
    normalised(taylor(), 'sum'),
    [1, 1],
  ),
  'tumoursFirst (own)': tumoursFirst,
  'neededByEither (own)': neededByEither,
}
const densities = [0.2, 0.1]
const measured = new Map<string, SampleEvaluation[]>()
const note = (row: string, evaluation: SampleEvaluation) =>
  measured.set(row, [...(measured.get(row) ?? []), evaluation])

for (const seed of seeds) {
  const { train, test } = loadBreastCancer(seed)
  const samples = rareTumours(train)
  const model = buildModel(seed)
  const evaluate = evaluateOn(test, { positiveClass: 1 })
  const optimizer = () => tf.train.momentum(0.01, 0.9)
  const training = fit(samples, {
    loss: weightedCrossentropy(),
    optimizer,
    epochs: 30,
    clipNorm: 5,
    seed,
  })
  const schedule = densityList([1])
  const { rounds } = await prune(model, { train: training, evaluate, schedule, stop: never() })
  note('dense', rounds[0]!.evaluation)
  for (const density of densities) {
    for (const [name, criterion] of Object.entries(criteria)) {
      applyTrained(model, rounds[0]!)
      const mask = await computeMask(model, {
        density,
        criterion,
        samples: { ...samples, batchSize: 1 },
      })
      applyMask(model, mask)
      note(`${100 * density} %, ${name}`, await evaluate(model))
    }
  }
  model.dispose()
}

/**
 * FNR at 5 % false positives: what is missed when all models may raise the same share of false
 * alarms.
 */
function atFixedRate({ labels, scores }: SampleEvaluation): number {
  return falseNegativeRateAt(labels, scores, { positiveClass: 1, falsePositiveRate: 0.05 })
}

const mean = (of: (evaluation: SampleEvaluation) => number, all: readonly SampleEvaluation[]) =>
  (all.reduce((sum, evaluation) => sum + of(evaluation), 0) / all.length).toFixed(3)
const head = ['pruned once, not retrained', 'FNR', 'FPR', 'AUC', 'FNR at FPR 5 %']
const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
const table = new Table({ head, chars, style: { head: [], border: [] } })
for (const [row, all] of measured) {
  table.push([
    row,
    mean(({ falseNegativeRate }) => falseNegativeRate, all),
    mean(({ falsePositiveRate }) => falsePositiveRate, all),
    mean(({ auc }) => auc, all),
    mean(atFixedRate, all),
  ])
}
console.log(
  `Tumours, 12 of them in training; means over ${seeds.length} splits of the test part.\n${table}`,
)
