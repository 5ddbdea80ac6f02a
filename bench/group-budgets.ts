// Do budgets relative to the dense network, by class or by group, hold on new samples? The
// breast-cancer table of examples/, whose malignant samples are of two groups: tumours of a small
// and of a large radius. `npm run bench group-budgets` prints a line a network and a summary.
//
// Each seed has a split, initial weights and an order of its own, the same for all arms. Budgets
// are measured on the validation part; rates are those of the test part at the network's own
// boundary, which no arm has seen.
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Evaluate,
  evaluateOn,
  fit,
  type Loss,
  type LossSchedule,
  prune,
  type Round,
  weightedCrossentropy,
} from 'tfjs-prune'
import { falseNegativeBudget } from 'tfjs-prune/losses'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import { loadBreastCancer, type Samples } from '../examples/support/breast-cancer.js'
import { report } from './support/measure.js'

const SEEDS = 10
const LEVELS = [1, 0.125, 0.03125]
const of = { positiveClass: 1, of: 'dense', slack: 0.02 } as const

interface Arm {
  readonly loss: () => Loss | LossSchedule
  /** The loss has a step of its own: it is measured after each epoch. */
  readonly isMeasured: boolean
  /** Labels are rows of class and group. */
  readonly isGrouped: boolean
}

const arms: Record<string, Arm> = {
  plain: { loss: () => weightedCrossentropy(), isMeasured: false, isGrouped: false },
  'by class': { loss: () => falseNegativeBudget(of), isMeasured: true, isGrouped: false },
  'both classes': {
    loss: () => falseNegativeBudget([of, { ...of, positiveClass: 0 }]),
    isMeasured: true,
    isGrouped: false,
  },
  'by group': {
    loss: () => falseNegativeBudget([0, 1].map((group) => ({ ...of, group }))),
    isMeasured: true,
    isGrouped: true,
  },
}

/** 0 for a large radius, 1 for one below the median of the malignant training samples. */
function groupsBy(train: Samples): (samples: Samples) => Uint8Array {
  const radii = ({ xs }: Samples) => Array.from(tf.slice(xs, [0, 0], [-1, 1]).dataSync())
  const malignant = radii(train).filter((_, i) => train.ys[i] === 1)
  const median = malignant.sort((a, b) => a - b)[malignant.length >> 1]!
  return (samples) => Uint8Array.from(radii(samples), (radius) => Number(radius < median))
}

function build(seed: number): LayersModel {
  const dense = (units: number, place: number) => ({
    units,
    kernelInitializer: initializers.heNormal({ seed: 10 * seed + place }),
  })
  return sequential({
    layers: [
      layers.dense({ ...dense(64, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(32, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
}

interface Row {
  readonly arm: string
  readonly density: number
  readonly large: number
  readonly small: number
  readonly falsePositiveRate: number
  readonly atTenPercent: number
  readonly states: readonly string[]
  readonly multipliers: readonly number[]
}

async function runArm(name: string, seed: number): Promise<Row[]> {
  const { loss, isMeasured, isGrouped } = arms[name]!
  const { train, validation, test } = loadBreastCancer(seed)
  const groupsOf = groupsBy(train)
  const [own, held, unseen] = [train, validation, test].map(groupsOf)
  const ys = isGrouped
    ? tf.tensor2d(Array.from(train.ys, (label, i) => [label, own![i]!]))
    : train.ys
  const evaluate = evaluateOn(validation, { positiveClass: 1 })
  const measure: Evaluate = async (model, context) =>
    Object.assign(await evaluate(model, context), isGrouped && { groups: held })
  const model = build(seed)
  const { rounds } = await prune(model, {
    train: fit(
      { xs: train.xs, ys },
      {
        ...{ loss: loss(), epochs: 20, seed },
        optimizer: () => tf.train.momentum(0.02, 0.9),
        engine: sparseTraining(),
        ...(isMeasured && { measure }),
      },
    ),
    evaluate: { validation: evaluate, test: evaluateOn(test, { positiveClass: 1 }) },
    schedule: LEVELS,
  })
  const rows = rounds.slice(1).map((round) => rowOf(round, { name, test, groups: unseen! }))
  model.dispose()
  return rows
}

function rowOf(
  { density, evaluation, budgets = [] }: Round,
  { name, test, groups }: { name: string; test: Samples; groups: Uint8Array },
): Row {
  const { predictions, scores } = (evaluation as unknown as { sets: Record<string, never> }).sets
    .test as unknown as { predictions: number[]; scores: number[] }
  const rate = (isOne: (i: number) => boolean) => {
    const places = Array.from(test.ys.keys()).filter(isOne)
    return places.filter((i) => predictions[i] !== test.ys[i]).length / places.length
  }
  return {
    ...{ arm: name, density },
    large: rate((i) => test.ys[i] === 1 && groups[i] === 0),
    small: rate((i) => test.ys[i] === 1 && groups[i] === 1),
    falsePositiveRate: rate((i) => test.ys[i] === 0),
    atTenPercent: falseNegativeRateAt(test.ys, scores, {
      positiveClass: 1,
      falsePositiveRate: 0.1,
    }),
    states: budgets.map(({ state }) => state),
    multipliers: budgets.map(({ multiplier }) => multiplier),
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

export async function run(): Promise<void> {
  await startWasm()
  const rows: Row[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const name of Object.keys(arms)) {
      for (const row of await runArm(name, seed)) {
        report({ bench: 'group-budgets', seed, ...row })
        rows.push(row)
      }
    }
  }
  for (const density of LEVELS.slice(1)) {
    for (const arm of Object.keys(arms)) {
      const found = rows.filter((row) => row.arm === arm && Math.abs(row.density - density) < 0.01)
      const states = found.flatMap((row) => row.states)
      const count = (wanted: string) => states.filter((state) => state === wanted).length
      report({
        ...{ bench: 'group-budgets', summary: arm, density, seeds: found.length },
        missedLarge: mean(found.map(({ large }) => large)),
        missedSmall: mean(found.map(({ small }) => small)),
        falsePositiveRate: mean(found.map(({ falsePositiveRate }) => falsePositiveRate)),
        missedAtTenPercent: mean(found.map(({ atTenPercent }) => atTenPercent)),
        ...{ met: count('met'), open: count('open'), infeasible: count('infeasible') },
        multiplier: states.length > 0 ? mean(found.flatMap((row) => row.multipliers)) : null,
      })
    }
  }
}
