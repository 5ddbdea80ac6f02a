// Which loss finds more of the rare class at the same false alarms? Chest X-rays at 1:5, a CNN on
// wasm, pruned. DATA_DIR=... npx tsx bench/losses.ts [seeds] prints one JSON line a run, and a
// summary of each loss; 10 seeds take an hour.
//
// Each seed has a split, initial weights and an order of its own, the same for all losses. The rate
// of each loss is the one with the best AUC on the validation part at 12.5 % of the weights, over
// two seeds that are not used again. All are then compared on the held-out part: FNR where the FPR
// is 10 %, against plain cross-entropy, by seed (Wilcoxon, Holm).
import * as tf from '@tensorflow/tfjs-core'
import { evaluateOn, type FitOptions, fit, paper, prune, weightedCrossentropy } from 'tfjs-prune'
import {
  asymmetric,
  aucm,
  aucPairwise,
  byEpoch,
  effectiveNumberWeights,
  falseNegativeBudget,
  focal,
  highRecallPairwise,
  ldam,
  logitAdjusted,
  lowFalseAlarmPairwise,
  softFBeta,
  sumOf,
} from 'tfjs-prune/losses'
import { falseNegativeRateAt, holm, wilcoxonSignedRank } from 'tfjs-prune/metrics'
import { startWasm } from '../examples/support/backend.js'
import { buildModel, type Samples } from '../examples/support/pneumonia.js'
import { rareXRays } from './support/rare-sets.js'

const EPOCHS = 12
const RATES = [0.001, 0.003, 0.01, 0.03]
const TUNING_SEEDS = [101, 102]
const TUNING_LEVELS = [1, 0.125]
const LEVELS = [1, 0.125, 0.03125]
const FPR = 0.1

const losses: Record<
  string,
  (counts: readonly [number, number]) => NonNullable<FitOptions['loss']>
> = {
  plain: () => weightedCrossentropy(),
  'class weight 5': () => weightedCrossentropy({ weights: 5 }),
  'paper.black': () => paper.black(),
  'cross-entropy + aucPairwise': () => sumOf(weightedCrossentropy(), aucPairwise()),
  'cross-entropy + highRecallPairwise': () =>
    sumOf(weightedCrossentropy(), highRecallPairwise({ worst: 0.3 })),
  'cross-entropy + lowFalseAlarmPairwise': () =>
    sumOf(weightedCrossentropy(), lowFalseAlarmPairwise({ hardest: 0.3 })),
  'cross-entropy + lowFalseAlarmPairwise, soft': () =>
    sumOf(weightedCrossentropy(), lowFalseAlarmPairwise({ temperature: 1 })),
  falseNegativeBudget: () =>
    falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.02 }),
  'falseNegativeBudget of the dense network': () =>
    falseNegativeBudget({ positiveClass: 1, of: 'dense', slack: 0.02 }),
  focal: () => focal(),
  'ldam, deferred weights': (counts) => {
    const weights = effectiveNumberWeights(counts, 0.9999)
    return byEpoch((epoch) => ldam(epoch < 8 ? { counts } : { counts, weights }))
  },
  logitAdjusted: (counts) => logitAdjusted({ counts }),
  asymmetric: () => asymmetric(),
  'cross-entropy + softFBeta': () => sumOf(weightedCrossentropy(), softFBeta()),
  'cross-entropy + aucm': () => sumOf(weightedCrossentropy(), aucm()),
}

const seeds = Number(process.argv[2] ?? 10)
const { draw: splitWith } = rareXRays()
await startWasm()

interface Run {
  readonly name: string
  readonly rate: number
  readonly seed: number
  readonly levels: readonly number[]
  readonly data: { readonly train: Samples; readonly judge: Samples }
}

interface Level {
  readonly density: number
  readonly auc: number
  /** FNR where the FPR is 10 %. */
  readonly fixed: number
  /** FNR and FPR where the model itself puts the boundary. */
  readonly fnr: number
  readonly fpr: number
}

async function levelsOf({ name, rate, seed, levels, data }: Run): Promise<Level[]> {
  const positives = data.train.ys.reduce((sum, label) => sum + label, 0)
  const loss = losses[name]!([data.train.ys.length - positives, positives])
  const model = buildModel(seed)
  const { rounds } = await prune(model, {
    train: fit(data.train, {
      loss,
      optimizer: () => tf.train.momentum(rate, 0.9),
      epochs: EPOCHS,
      clipNorm: 5,
      seed,
    }),
    evaluate: evaluateOn(data.judge, { positiveClass: 1 }),
    schedule: levels,
    select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
  })
  model.dispose()
  return rounds.map(({ density, evaluation }) => ({
    density: Number(density.toFixed(4)),
    auc: evaluation.auc,
    fixed: falseNegativeRateAt(evaluation.labels!, evaluation.scores!, {
      positiveClass: 1,
      falsePositiveRate: FPR,
    }),
    fnr: evaluation.falseNegativeRate,
    fpr: evaluation.falsePositiveRate,
  }))
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const short = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value
const print = (figures: object) =>
  console.log(JSON.stringify({ bench: 'losses', ...figures }, short))

async function withSplit<T>(
  seed: number,
  work: (data: ReturnType<typeof splitWith>) => Promise<T>,
): Promise<T> {
  const data = splitWith(seed)
  try {
    return await work(data)
  } finally {
    for (const { xs } of Object.values(data)) xs.dispose()
  }
}

/** Best mean AUC on the validation part; a rate at which training diverges is out. */
async function tune(): Promise<Record<string, number>> {
  const found: Record<string, Record<number, number[]>> = {}
  for (const seed of TUNING_SEEDS) {
    await withSplit(seed, async ({ train, validation }) => {
      for (const name of Object.keys(losses)) {
        for (const rate of RATES) {
          const run = {
            name,
            rate,
            seed,
            levels: TUNING_LEVELS,
            data: { train, judge: validation },
          }
          const auc = await levelsOf(run).then(
            (levels) => levels.at(-1)!.auc,
            (error: RangeError) => {
              if (!/expected (a finite loss|finite weights)/.test(error.message)) throw error
              return 0
            },
          )
          print({ step: 'tuning', loss: name, rate, seed, auc })
          found[name] ??= {}
          found[name][rate] = [...(found[name][rate] ?? []), auc]
        }
      }
    })
  }
  const best = (byRate: Record<number, number[]>) =>
    RATES.reduce((one, other) => (mean(byRate[other]!) > mean(byRate[one]!) ? other : one))
  return Object.fromEntries(Object.entries(found).map(([name, byRate]) => [name, best(byRate)]))
}

const rates = await tune()
const results: Record<string, Level[][]> = {}
for (let seed = 1; seed <= seeds; seed++) {
  await withSplit(seed, async ({ train, test }) => {
    for (const [name, rate] of Object.entries(rates)) {
      const levels = await levelsOf({
        name,
        rate,
        seed,
        levels: LEVELS,
        data: { train, judge: test },
      })
      results[name] = [...(results[name] ?? []), levels]
      print({ step: 'run', loss: name, rate, seed, levels })
    }
  })
}

for (const [index, density] of LEVELS.entries()) {
  const at = (name: string, key: keyof Level) => results[name]!.map((levels) => levels[index]![key])
  const others = Object.keys(losses).filter((name) => name !== 'plain')
  const raw = others.map(
    (name) => wilcoxonSignedRank(at(name, 'fixed'), at('plain', 'fixed')).pValue,
  )
  const adjusted = holm(raw)
  for (const name of Object.keys(losses)) {
    const against = others.indexOf(name)
    print({
      step: 'summary',
      loss: name,
      density,
      seeds,
      rate: rates[name],
      auc: mean(at(name, 'auc')),
      fnrAtFixedFpr: mean(at(name, 'fixed')),
      pAgainstPlain: against < 0 ? undefined : raw[against],
      pByHolm: against < 0 ? undefined : adjusted[against],
      fnr: mean(at(name, 'fnr')),
      fpr: mean(at(name, 'fpr')),
    })
  }
}
