// Do spared ends find more of the rare class at the same density? Chest X-rays at 1:5, the CNN of
// `bench losses` on wasm. DATA_DIR=... npx tsx bench/ends.ts [seeds] prints one JSON line a run.
//
// Each seed has a split, initial weights and an order of its own, and one dense round that both arms
// begin with. FNR where the FPR is 10 %, and AUC, on the held-out part.
import * as tf from '@tensorflow/tfjs-core'
import { evaluateOn, fit, type PruneOptions, prune, weightedCrossentropy } from 'tfjs-prune'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { startWasm } from '../examples/support/backend.js'
import {
  buildModel,
  findXRays,
  pickXRays,
  readXRays,
  splitEachClass,
  standardise,
  whatIsMissing,
  withoutRepeats,
} from '../examples/support/pneumonia.js'

const RATE = 0.01
const EPOCHS = 12
const SCHEDULE = [1, 0.125, 0.03125]

const arms: Record<string, Partial<PruneOptions>> = {
  plain: {},
  spareEnds: { spareEnds: true },
}

const seeds = Number(process.argv[2] ?? 3)
const folder = findXRays('pneumonia-full')
if (!folder) throw new Error(whatIsMissing('pneumonia-full'))
await startWasm()
const pool = withoutRepeats([readXRays(folder, 'train'), readXRays(folder, 'val')])

function splitWith(seed: number) {
  const shares = [
    { train: 0.7, test: 0.3 },
    { train: 0.035, test: 0.965 },
  ]
  const parts = splitEachClass(pool.ys, { shares, seed })
  return standardise({ train: pickXRays(pool, parts.train), test: pickXRays(pool, parts.test) })
}

const short = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value

for (let seed = 1; seed <= seeds; seed++) {
  const { train, test } = splitWith(seed)
  let dense: PruneOptions['dense']
  for (const [arm, options] of Object.entries(arms)) {
    const model = buildModel(seed)
    const optimizer = () => tf.train.momentum(RATE, 0.9)
    const loss = weightedCrossentropy()
    const { rounds } = await prune(model, {
      train: fit(train, { loss, optimizer, epochs: EPOCHS, clipNorm: 5, seed }),
      evaluate: evaluateOn(test, { positiveClass: 1 }),
      schedule: SCHEDULE,
      select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
      ...options,
      ...(dense && { dense }),
    })
    dense ??= rounds[0]
    const levels = rounds.map(({ density, evaluation, starved = [] }) => ({
      density,
      fnrAtFpr10: falseNegativeRateAt(evaluation.labels!, evaluation.scores!, {
        positiveClass: 1,
        falsePositiveRate: 0.1,
      }),
      auc: evaluation.auc,
      starved: starved.map(({ name, perUnit }) => `${name} ${perUnit.toPrecision(2)}`),
    }))
    console.log(JSON.stringify({ bench: 'ends', arm, seed, levels }, short))
    model.dispose()
  }
  for (const { xs } of [train, test]) xs.dispose()
}
