// A promise that is refused: 27 calibration positives are too few for at most 5 % missed, whatever
// the network. DATA_DIR=... npx tsx examples/pneumonia-refused.ts; half a minute. Ask the plan
// first: it needs counts, no training.
import * as tf from '@tensorflow/tfjs-core'
import { evaluateOn, fit, geometric, paper, prune } from 'tfjs-prune'
import { certify, positivesNeeded, provableRate } from 'tfjs-prune/certify'
import { isShort, startWasm } from './support/backend.js'
import { printLedger } from './support/ledger.js'
import {
  buildModel,
  countXRays,
  findXRays,
  readXRays,
  standardise,
  whatIsMissing,
} from './support/pneumonia.js'

const folder = findXRays('pneumonia-1to5')
if (!folder) {
  console.log(whatIsMissing('pneumonia-1to5'))
  process.exit()
}
await startWasm()
const { train, calibration } = standardise({
  train: readXRays(folder, 'train'),
  calibration: readXRays(folder, 'val'),
})

const { positives, negatives } = countXRays(calibration)
const [maximumFalseNegativeRate, confidence, levels] = [0.05, 0.95, 7]
const needed = positivesNeeded({ maximumFalseNegativeRate, confidence, levels })
console.log(`The val split as calibration: ${positives} with pneumonia, ${negatives} without.`)
console.log(
  `The plan: at most ${100 * maximumFalseNegativeRate} % missed over ${levels} levels takes ${needed} positives.`,
)
if (positives >= needed) throw new Error('this set was chosen for its few positives')
const provable = (among: number) => provableRate({ positives, confidence, levels: among })
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
console.log(
  `The least that ${positives} can prove is ${percent(provable(levels))}, ${percent(provable(1))} for one level.`,
)
console.log('Nothing is trained yet: ask before.')

const model = buildModel(1)
const optimizer = () => tf.train.momentum(0.002, 0.9)
const { rounds } = await prune(model, {
  train: fit(train, {
    loss: paper.black(),
    optimizer,
    epochs: isShort ? 1 : 6,
    clipNorm: 5,
    seed: 1,
  }),
  evaluate: evaluateOn(train, { positiveClass: 1 }),
  schedule: geometric({ keep: 0.5, rounds: levels }),
  select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
})
printLedger('black, on its own training part', rounds)

const options = {
  model,
  calibration,
  positiveClass: 1,
  maximumFalsePositiveRate: 0.2,
  confidence,
}
const refusal = await certify(rounds, { ...options, maximumFalseNegativeRate }).catch(
  (error: RangeError) => error,
)
if (!(refusal instanceof RangeError))
  throw new Error('a bound of 5 % takes more positives than there are')
console.log(`\nAt most ${100 * maximumFalseNegativeRate} % missed? ${refusal.message}.`)

// The refusal counted the samples and scored none of them: they may still be used, once.
const weaker = Math.ceil(100 * provable(levels)) / 100
const { accepted, reason } = await certify(rounds, { ...options, maximumFalseNegativeRate: weaker })
const outcome = accepted
  ? `Accepted round ${accepted.round}, threshold ${accepted.threshold.toFixed(3)}`
  : 'Refused'
console.log(`At most ${percent(weaker)} missed? ${outcome}: ${reason}.`)
