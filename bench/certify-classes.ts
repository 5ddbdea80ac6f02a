// How often certificates without one positive class break their promise: limits for several
// classes, agreement without labels, and classes in an order of severity.
import {
  type ClassScores,
  certifyClassScores,
  certifyDecisions,
  decideOrdered,
  orderedThresholds,
} from 'tfjs-prune/certify'
import { missesOf, rowsOf } from '../src/certify/classes/tune-weights.js'
import { hashSeed, type RandomStream, randomStream } from '../src/internal/random.js'
import { report } from './support/measure.js'

const REPETITIONS = 2000
const CONFIDENCE = 0.95
const CLASSES = 4
/** Height of the own class's logit above the others, level by level. */
const HEIGHTS = [4.6, 4.4, 4.2, 3.9, 3.5, 3, 2]
/** Share of the variance of a logit that two levels have in common. */
const CORRELATION = 0.9
/** Samples of each limited class that the true rates of a rule are counted on. */
const POPULATION = 20_000

function normal({ uniform }: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** The same samples at all levels: softmax of normal logits that levels have mostly in common. */
function draw(counts: readonly number[], random: RandomStream): ClassScores[] {
  const labels = Uint8Array.from(counts.flatMap((count, k) => new Array<number>(count).fill(k)))
  const common = Float64Array.from({ length: labels.length * CLASSES }, () => normal(random))
  const own = Math.sqrt(1 - CORRELATION)
  return HEIGHTS.map((height) => {
    const probabilities = common.map((value, i) => {
      const isOwn = i % CLASSES === labels[Math.floor(i / CLASSES)]
      const noise = Math.sqrt(CORRELATION) * value + own * normal(random)
      return Math.exp(noise + (isOwn ? height : 0))
    })
    for (let begin = 0; begin < probabilities.length; begin += CLASSES) {
      const row = probabilities.subarray(begin, begin + CLASSES)
      const sum = row.reduce((a, b) => a + b)
      row.forEach((value, k) => {
        row[k] = value / sum
      })
    }
    return { labels, probabilities }
  })
}

interface ClassSetting {
  readonly limited: readonly number[]
  readonly limit: number
  readonly samples: number
  readonly passProbability: number
}

const CLASS_SETTINGS: readonly ClassSetting[] = [
  { limited: [3], limit: 0.05, samples: 59, passProbability: 0.9 },
  { limited: [1, 3], limit: 0.05, samples: 59, passProbability: 0.9 },
  { limited: [1, 3], limit: 0.05, samples: 200, passProbability: 0.9 },
  // Aims above the limit, so that the test alone stands in the way of a bad rule.
  { limited: [3], limit: 0.05, samples: 100, passProbability: 0.02 },
]

function runClasses({ limited, limit, samples, passProbability }: ClassSetting): void {
  const random = randomStream(hashSeed('classes', samples, limit, limited.length, passProbability))
  const counts = Array.from({ length: CLASSES }, (_, k) => (limited.includes(k) ? samples : 50))
  const everyone = draw(
    counts.map((_, k) => (limited.includes(k) ? POPULATION : 1)),
    random,
  )
  const population = everyone.map((scores) =>
    limited.map((index) => rowsOf(scores, { class: index, classes: CLASSES })),
  )
  const options = {
    maximumFalseNegativeRates: Object.fromEntries(limited.map((index) => [index, limit])),
    confidence: CONFIDENCE,
    passProbability,
  }
  const tally = { broken: 0, refused: 0, levels: 0, naive: 0 }
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const [tuning, calibration] = [draw(counts, random), draw(counts, random)]
    const levels = HEIGHTS.map((_, round) => ({
      round,
      density: 0.5 ** round,
      tuning: tuning[round]!,
      calibration: calibration[round]!,
    }))
    const breaks = (round: number, weights: readonly number[]) =>
      limited.some((index, i) => {
        return missesOf(population[round]![i]!, index, weights) / POPULATION > limit
      })
    const { accepted, tested } = certifyClassScores(levels, options)
    if (!accepted) tally.refused++
    else {
      tally.levels += accepted.round
      if (breaks(accepted.round, accepted.weights)) tally.broken++
    }
    // Trusting the rates of the tested round that the certificate refused, as one might.
    const trusted = tested.findLast(({ tests }) => tests.every(({ rate }) => rate <= limit))
    if (trusted && breaks(trusted.round, trusted.weights)) tally.naive++
  }
  report({
    bench: 'certify-classes',
    subject: 'classes',
    limited: limited.length,
    limit,
    samples,
    passProbability,
    confidence: CONFIDENCE,
    repetitions: REPETITIONS,
    someLimitBroken: tally.broken / REPETITIONS,
    brokenByTrustingRates: tally.naive / REPETITIONS,
    refused: tally.refused / REPETITIONS,
    meanLevel: tally.levels / Math.max(REPETITIONS - tally.refused, 1),
  })
}

/** True shares of decisions that differ from the first level's. */
const SHARES = [0, 0.01, 0.02, 0.035, 0.045, 0.0501, 0.06]

function runAgreement(samples: number): void {
  const random = randomStream(hashSeed('agreement', samples))
  const promise = { maximumDisagreement: 0.05, confidence: CONFIDENCE }
  const tally = { broken: 0, levels: 0, naive: 0 }
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const places = Float64Array.from({ length: samples }, random.uniform)
    const levels = SHARES.map((share, round) => ({
      round,
      density: 0.5 ** round,
      decisions: Array.from(places, (place) => Number(place < share)),
    }))
    const { accepted } = certifyDecisions(levels, promise)
    tally.levels += accepted!.round
    if (SHARES[accepted!.round]! > promise.maximumDisagreement) tally.broken++
    const trusted = levels.findLast(({ decisions }) => {
      return decisions.filter(Boolean).length / samples <= promise.maximumDisagreement
    })
    if (SHARES[trusted!.round]! > promise.maximumDisagreement) tally.naive++
  }
  report({
    bench: 'certify-classes',
    subject: 'agreement',
    limit: promise.maximumDisagreement,
    samples,
    confidence: CONFIDENCE,
    repetitions: REPETITIONS,
    broken: tally.broken / REPETITIONS,
    brokenByTrustingRates: tally.naive / REPETITIONS,
    meanLevel: tally.levels / REPETITIONS,
  })
}

function runOrdered(samples: number): void {
  const random = randomStream(hashSeed('ordered', samples))
  const severity = [3, 2, 1, 0]
  const limit = 0.1
  const options = {
    severity,
    maximumUnderclassificationRates: { 3: limit, 2: limit },
    confidence: CONFIDENCE,
  }
  const LEVEL = 4
  const { labels, probabilities } = draw([1, 1, 5000, 5000], random)[LEVEL]!
  const values = Array.from(probabilities)
  const rows = Array.from(labels, (label, i) => {
    return { label, row: values.slice(i * CLASSES, (i + 1) * CLASSES) }
  })
  const broken = [0, 0]
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const rule = orderedThresholds(draw([1, 1, samples, samples], random)[LEVEL]!, options)
    for (const [place, index] of [3, 2].entries()) {
      const lower = severity.slice(place + 1)
      const wrong = rows.filter(({ label, row }) => {
        return label === index && lower.includes(decideOrdered(row, rule))
      }).length
      if (wrong / 5000 > limit) broken[place]! += 1
    }
  }
  report({
    bench: 'certify-classes',
    subject: 'ordered',
    limit,
    samples,
    confidence: CONFIDENCE,
    repetitions: REPETITIONS,
    brokenOfWorst: broken[0]! / REPETITIONS,
    brokenOfNext: broken[1]! / REPETITIONS,
  })
}

export async function run(): Promise<void> {
  for (const samples of [59, 200, 1000]) runAgreement(samples)
  for (const setting of CLASS_SETTINGS) runClasses(setting)
  for (const samples of [60, 200]) runOrdered(samples)
}
