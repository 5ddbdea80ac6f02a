// Promise a bound on missed tumours: keep a calibration part back, and certify the sparsest level
// that it supports, by both methods.
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyTrained, evaluateOn, fit, paper, prune } from 'tfjs-prune'
import {
  certify,
  formatCertificate,
  positivesNeeded,
  setDecisionThreshold,
} from 'tfjs-prune/certify'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'
import { printLedger } from './support/ledger.js'

await startWasm()
const { train, validation, calibration, test } = loadBreastCancer(1, {
  train: 0.3,
  validation: 0.15,
  calibration: 0.45,
  test: 0.1,
})
const positives = calibration.ys.reduce((sum, label) => sum + label, 0)
const confidence = 0.95
for (const method of ['bonferroni', 'fixed-sequence'] as const)
  for (const maximumFalseNegativeRate of [0.1, 0.05]) {
    const needed = positivesNeeded({ maximumFalseNegativeRate, confidence, levels: 7, method })
    console.log(
      `At most ${100 * maximumFalseNegativeRate} % missed over 7 levels, ${method}: ${needed} positives; here are ${positives}.`,
    )
  }

const dense = (units: number, seed: number) => ({
  units,
  kernelInitializer: initializers.heNormal({ seed }),
})
const model = sequential({
  layers: [
    layers.dense({ ...dense(256, 1), activation: 'relu', inputShape: [30] }),
    layers.dense({ ...dense(128, 2), activation: 'relu' }),
    layers.dense(dense(2, 3)),
  ],
})
const optimizer = () => tf.train.momentum(0.002, 0.9)
const epochs = isShort ? 8 : 30
const { rounds } = await prune(model, {
  train: fit(train, { loss: paper.black(), optimizer, epochs, clipNorm: 5, seed: 1 }),
  evaluate: evaluateOn(validation, { positiveClass: 1 }),
})
printLedger('black, on its validation part', rounds)

const options = {
  model,
  calibration,
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.3,
  confidence,
}
// Too few positives are told before the calibration part is looked at: it is not used up.
const tooMuch = { ...options, maximumFalseNegativeRate: 0.05 }
const refusal = await certify(rounds, tooMuch).catch((error: RangeError) => error)
if (!(refusal instanceof RangeError))
  throw new Error('a bound of 5 % takes more positives than there are')
console.log(`\nAt most 5 % missed? ${refusal.message}.`)

// Thresholds from the validation part, which the rounds were evaluated on.
const certificate = await certify(rounds, { ...options, method: 'fixed-sequence' })
console.log(`\n${formatCertificate(certificate)}`)

// The other method, which was going to be shown whatever the first one says.
const other = await certify(rounds, { ...options, reusesCalibration: true })
console.log(`\nBy bonferroni: ${other.reason}.`)

const { accepted } = certificate
if (!accepted) throw new Error(certificate.reason)
applyTrained(model, rounds[accepted.round]!)
setDecisionThreshold(model, { threshold: accepted.threshold, positiveClass: 1, certificate })
const { scores, labels } = await evaluateOn(test, { positiveClass: 1 })(model)
const missed = labels.filter((label, i) => label === 1 && scores[i]! < accepted.threshold).length
const alarms = labels.filter((label, i) => label === 0 && scores[i]! >= accepted.threshold).length
const ofTest = labels.reduce((sum, label) => sum + label, 0)
console.log(
  `\nOn the test part: ${missed} of ${ofTest} tumours missed, ${alarms} of ${labels.length - ofTest} false alarms.`,
)
