// What does pruning take from the X-ray network, beside its misses? The CNN of examples/ on wasm,
// dense and at 3 % of the weights, once a seed. DATA_DIR=... npx tsx bench/audit.ts [seeds] [file]
// adds one JSON line a network to the file, by default that of the guide; networks that it has are
// not made again. `npx tsx scripts/sync-audit.ts --write` puts the audit into the guide.
//
// All networks have the same training and the same held-out part, so that the audit can compare
// them sample by sample: seeds differ in the initial weights and in the order of the data. Rates
// and epochs are those of bench/misses.ts. The X-rays have one group beside their class: thirds of
// the held-out part by the mean of their pixels.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import {
  denseTeacher,
  evaluateOn,
  type FitOptions,
  fit,
  type PruneOptions,
  prune,
  shiftImages,
  weightedCrossentropy,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import type { Samples } from '../examples/support/pneumonia.js'
import { AUDIT_FILE, encodeScores, type StoredNetwork } from './support/audit/stored-audit.js'
import { rareXRays } from './support/rare-sets.js'

const LEVELS = [1, 0.125, 0.0625, 0.03125]
const [, , count = '10', file = AUDIT_FILE] = process.argv

interface Arm {
  readonly rate: number
  readonly training?: Partial<FitOptions>
  readonly pruning?: Partial<PruneOptions>
}

const arms: Record<string, Arm> = {
  plain: { rate: 0.01 },
  recipe: {
    rate: 0.03,
    training: { augment: shiftImages({ pixels: 2 }) },
    pruning: { teach: denseTeacher(), spareEnds: true },
  },
}

await startWasm()
const { draw, build, epochs } = rareXRays()
const { train, test } = draw(1)

const known: readonly StoredNetwork[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
  : []
if (known.length === 0)
  writeFileSync(
    file,
    `${JSON.stringify({ labels: [...test.ys].join(''), brightness: thirdsOf(test) })}\n`,
  )

for (const [arm, { rate, training, pruning }] of Object.entries(arms))
  for (let seed = 1; seed <= Number(count); seed++) {
    if (known.some((line) => line.arm === arm && line.seed === seed)) continue
    const model = build(seed)
    const optimizer = () => tf.train.momentum(rate, 0.9)
    const { rounds } = await prune(model, {
      train: fit(train, {
        ...{ loss: weightedCrossentropy(), optimizer, epochs, clipNorm: 5, seed },
        ...{ engine: sparseTraining(), ...training },
      }),
      evaluate: evaluateOn(test, { positiveClass: 1 }),
      select: { limits: [{ include: /kernel$/, minimumKept: 16 }] },
      schedule: LEVELS,
      ...pruning,
    })
    for (const { round, density, evaluation } of [rounds[0]!, rounds.at(-1)!]) {
      const { auc, scores } = evaluation
      const line = { arm, seed, round, density, auc, scores: encodeScores(scores!) }
      appendFileSync(file, `${JSON.stringify(line)}\n`)
      console.log(arm, seed, round, density, auc)
    }
    model.dispose()
  }

/** Each image's third by the mean of its pixels: d, m or b, from dark to bright. */
function thirdsOf({ xs, ys }: Samples): string {
  const means = Array.from(tf.mean(xs, [1, 2, 3]).dataSync())
  const ascending = [...means].sort((a, b) => a - b)
  const [low, high] = [1 / 3, 2 / 3].map((share) => ascending[Math.floor(share * ys.length)]!)
  return means.map((mean) => (mean < low! ? 'd' : mean < high! ? 'm' : 'b')).join('')
}
