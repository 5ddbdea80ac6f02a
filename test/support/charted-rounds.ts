import type { Evaluation, RoundReport } from '../../src/types.js'

/** A run on 40 positives and 160 negatives whose positives come nearer to the negatives. */
export function chartedRounds(count = 7, drift = 0.35): RoundReport[] {
  return Array.from({ length: count }, (_, round) => chartedRound(round, 3 - drift * round))
}

/** One round: positives around `distance`, negatives around 0, the boundary at 1. */
export function chartedRound(round: number, distance: number): RoundReport {
  const labels = Int32Array.from({ length: 200 }, (_, i) => Number(i % 5 === 0))
  const scores = Float64Array.from(labels, (label, i) => {
    const noise = 2 * Math.sin(12.9898 * (i + 1)) * Math.cos(78.233 * (i + 1) + round / 9)
    return Math.fround(noise + (label === 1 ? distance : -1))
  })
  const predictions = Int32Array.from(scores, (score) => Number(score >= 1))
  const count = (label: number, predicted: number) =>
    labels.filter((one, i) => one === label && predictions[i] === predicted).length
  const confusion = {
    truePositives: count(1, 1),
    falseNegatives: count(1, 0),
    falsePositives: count(0, 1),
    trueNegatives: count(0, 0),
  }
  const evaluation: Evaluation = {
    confusion,
    falseNegativeRate: confusion.falseNegatives / 40,
    falsePositiveRate: confusion.falsePositives / 160,
    accuracy: (confusion.truePositives + confusion.trueNegatives) / 200,
    auc: 0.9,
    loss: 0.3,
    ...{ labels, scores, predictions, positiveClass: 1 },
  }
  const density = 0.5 ** round
  const weights = [
    { name: 'conv2d/kernel', size: 144, kept: Math.max(16, Math.round(144 * density * 1.5)) },
    { name: 'conv2d_1/kernel', size: 4608, kept: Math.round(4608 * density) },
    { name: 'dense/kernel', size: 25_600, kept: Math.round(25_600 * density * 0.9) },
  ].map((weight) => {
    const kept = Math.min(weight.size, weight.kept)
    return { ...weight, kept, density: kept / weight.size }
  })
  return {
    ...{ round, density, densityOverAll: density, kept: Math.round(30_352 * density), weights },
    ...{ evaluation, trainingLoss: 0.1 },
    seconds: { training: 1.25, scoring: 0.5, evaluation: 0.25 },
  }
}
