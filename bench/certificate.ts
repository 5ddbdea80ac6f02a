// How often the promises of a certificate break, by the method that pays for several levels, against
// the naive rule that trusts the rates of the calibration samples.
import {
  type CertifyScoresOptions,
  certifyFront,
  certifyScores,
  likeliestThreshold,
} from 'tfjs-prune/certify'
import { normalCdf } from '../src/internal/normal.js'
import { hashSeed, type RandomStream, randomStream } from '../src/internal/random.js'
import { report } from './support/measure.js'

const REPETITIONS = 2000
const NEGATIVES = 500
const BETA = 0.2
const CONFIDENCE = 0.95
/**
 * Distance of the classes' means in standard deviations, level by level: the rates of a threshold
 * follow from it.
 */
const SEPARATIONS = [4.6, 4.5, 4.3, 4, 3.5, 2.8, 2]
/** What a sample's scores at two levels have in common. */
const CORRELATION = 0.9
/** Share of the samples that a fixed sequence spends on its thresholds. */
const TUNING = 1 / 3
/** `grid`: scores are rounded to multiples of it, so that many tie. */
interface Setting {
  readonly alpha: number
  readonly positives: number
  readonly grid?: number
}
const SETTINGS: readonly Setting[] = [
  { alpha: 0.05, positives: 90 },
  { alpha: 0.05, positives: 97 },
  { alpha: 0.05, positives: 200 },
  { alpha: 0.05, positives: 200, grid: 0.25 },
  { alpha: 0.05, positives: 1000 },
  { alpha: 0.02, positives: 245 },
  { alpha: 0.02, positives: 1000 },
  { alpha: 0.01, positives: 492 },
]

/** Scores of the samples at each level, and the classes of the samples. */
interface Drawn {
  readonly labels: Uint8Array
  readonly levels: readonly Float64Array[]
}
/** A shipped model: its level and threshold; undefined when the rule refuses. */
type Shipped = { readonly level: number; readonly threshold: number } | undefined
type Rule = (samples: Drawn, tuning: Drawn, setting: Setting) => Shipped

function promiseOf(alpha: number): CertifyScoresOptions {
  const rates = { maximumFalseNegativeRate: alpha, maximumFalsePositiveRate: BETA }
  return { positiveClass: 1, ...rates, confidence: CONFIDENCE }
}

/** Undefined where no level passes, or there are too few samples. */
function shipped(certify: () => ReturnType<typeof certifyScores>): Shipped {
  try {
    const { accepted } = certify()
    return accepted ? { level: accepted.round, threshold: accepted.threshold } : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const bonferroni: Rule = ({ labels, levels }, _, { alpha }) =>
  shipped(() => {
    const scored = levels.map((scores, round) => ({ round, density: 0.5 ** round, labels, scores }))
    return certifyScores(scored, promiseOf(alpha))
  })

/** Thresholds from tuning samples, tests on others. */
const sequence: Rule = (samples, tuning, { alpha }) => {
  const { labels } = samples
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const counts = { positives, negatives: labels.length - positives }
  // Thresholds are found level by level, as far as levels pass.
  let last: Shipped
  for (const [round, scores] of samples.levels.entries()) {
    const next = shipped(() => {
      const options = promiseOf(alpha)
      const tuned = likeliestThreshold(tuning.labels, tuning.levels[round]!, {
        ...options,
        ...counts,
      })
      const level = { round, density: 0.5 ** round, labels, scores, threshold: tuned.threshold }
      return certifyScores([level], { ...options, method: 'fixed-sequence' })
    })
    if (!next) break
    last = next
  }
  return last
}

/** The samples of a certificate with and without those for thresholds. */
const shared: Rule = (samples, _, setting) => {
  const positives = Math.round(TUNING * setting.positives)
  const negatives = setting.positives + Math.round(TUNING * NEGATIVES)
  const isTuning = (i: number) => i < positives || (i >= setting.positives && i < negatives)
  const part = (tuning: boolean): Drawn => ({
    labels: samples.labels.filter((_, i) => isTuning(i) === tuning),
    levels: samples.levels.map((scores) => scores.filter((_, i) => isTuning(i) === tuning)),
  })
  return sequence(part(false), part(true), setting)
}

/**
 * The highest threshold with an empirical FNR of at most alpha, and the last level with an
 * empirical FPR within beta.
 */
const naive: Rule = ({ levels }, _, { alpha, positives }) => {
  let kept: Shipped
  for (const [level, values] of levels.entries()) {
    const threshold = values.slice(0, positives).sort()[Math.floor(alpha * positives)]!
    const falsePositives = values
      .subarray(positives)
      .reduce((count, score) => count + Number(score >= threshold), 0)
    if (falsePositives / NEGATIVES > BETA) break
    kept = { level, threshold }
  }
  return kept
}

const RULES: Readonly<Record<string, Rule>> = {
  bonferroni,
  'fixed-sequence, tuning of the same samples': shared,
  'fixed-sequence, tuning beside': sequence,
  naive,
}

function normal({ uniform }: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/**
 * Scores of the same samples at all levels: positives N(separation, 1), then negatives N(0, 1).
 */
function draw({ positives, grid }: Setting, random: RandomStream): Drawn {
  const labels = Uint8Array.from({ length: positives + NEGATIVES }, (_, i) => Number(i < positives))
  const common = Float64Array.from(labels, () => normal(random))
  const own = Math.sqrt(1 - CORRELATION)
  const levels = SEPARATIONS.map((separation) =>
    common.map((value, i) => {
      const score = labels[i]! * separation + Math.sqrt(CORRELATION) * value + own * normal(random)
      return grid ? grid * Math.round(score / grid) : score
    }),
  )
  return { labels, levels }
}

/** The true rates of a shipped model. */
function ratesOf({ level, threshold }: NonNullable<Shipped>, { grid }: Setting) {
  const cut = grid ? grid * (Math.ceil(threshold / grid) - 0.5) : threshold
  return { missed: normalCdf(cut - SEPARATIONS[level]!), alarmed: normalCdf(-cut) }
}

interface Tally {
  missed: number
  alarmed: number
  either: number
  refused: number
  levels: number
  alarms: number
}

function count(tally: Tally, model: Shipped, setting: Setting): void {
  if (!model) {
    tally.refused++
    return
  }
  const { missed, alarmed } = ratesOf(model, setting)
  tally.levels += model.level
  tally.alarms += alarmed
  if (missed > setting.alpha) tally.missed++
  if (alarmed > BETA) tally.alarmed++
  if (missed > setting.alpha || alarmed > BETA) tally.either++
}

function rowOf(subject: string, { missed, alarmed, either, refused, levels, alarms }: Tally) {
  const accepted = Math.max(REPETITIONS - refused, 1)
  return {
    subject,
    fnrAboveAlpha: missed / REPETITIONS,
    fprAboveBeta: alarmed / REPETITIONS,
    either: either / REPETITIONS,
    refused: refused / REPETITIONS,
    meanLevel: levels / accepted,
    meanFalsePositiveRate: alarms / accepted,
  }
}

/** Noise that each type of values adds to scores, in standard deviations, and its size. */
const TYPES = { float32: { noise: 0, share: 1 }, int8: { noise: 0.2, share: 0.3 } }
const FRONT: Setting = { alpha: 0.05, positives: 200 }

/** Each level as each type: scores with the noise of the type, which lowers the separation. */
function asFiles(samples: Drawn, tuning: Drawn, random: RandomStream) {
  return SEPARATIONS.flatMap((_, round) =>
    Object.entries(TYPES).map(([type, { noise, share }]) => {
      const noisy = ({ labels, levels }: Drawn) => ({
        labels,
        scores: levels[round]!.map((score) => score + (noise && noise * normal(random))),
      })
      const bytes = Math.ceil(1e6 * share * 0.5 ** round)
      const file = { round, density: 0.5 ** round, type, bytes }
      return { ...file, ...noisy(samples), tuning: noisy(tuning) }
    }),
  )
}

/** The smallest of 14 files along a Pareto front. */
function runFront(repetitions: number): void {
  const random = randomStream(hashSeed('front'))
  const options = promiseOf(FRONT.alpha)
  let [either, refused, bytes] = [0, 0, 0]
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const files = asFiles(draw(FRONT, random), draw(FRONT, random), random)
    const { accepted } = certifyFront(files, options)
    if (!accepted) {
      refused++
      continue
    }
    bytes += accepted.bytes!
    const scale = Math.hypot(1, TYPES[accepted.type as keyof typeof TYPES].noise)
    const missed = normalCdf((accepted.threshold - SEPARATIONS[accepted.round]!) / scale)
    const alarmed = normalCdf(-accepted.threshold / scale)
    if (missed > FRONT.alpha || alarmed > BETA) either++
  }
  report({
    ...{ bench: 'certificate', ...FRONT, negatives: NEGATIVES, beta: BETA, confidence: CONFIDENCE },
    ...{ repetitions, subject: 'pareto, 14 files, tuning beside', either: either / repetitions },
    ...{ refused: refused / repetitions, meanBytes: bytes / Math.max(repetitions - refused, 1) },
  })
}

export async function run(): Promise<void> {
  runFront(REPETITIONS)
  for (const setting of SETTINGS) {
    const { alpha, positives, grid = 0 } = setting
    const random = randomStream(hashSeed('certificate', String(alpha), positives, grid))
    const tallies = Object.keys(RULES).map(() => ({
      ...{ missed: 0, alarmed: 0, either: 0, refused: 0, levels: 0, alarms: 0 },
    }))
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const [samples, tuning] = [draw(setting, random), draw(setting, random)]
      for (const [i, rule] of Object.values(RULES).entries())
        count(tallies[i]!, rule(samples, tuning, setting), setting)
    }
    const about = { bench: 'certificate', alpha, positives, grid, negatives: NEGATIVES, beta: BETA }
    for (const [i, subject] of Object.keys(RULES).entries()) {
      const counted = { confidence: CONFIDENCE, repetitions: REPETITIONS }
      report({ ...about, ...counted, ...rowOf(subject, tallies[i]!) })
    }
  }
}
