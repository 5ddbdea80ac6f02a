// How often a certificate's promises break, against the naive rule that trusts the rates of the
// calibration samples.
import { certifyScores, type ScoredLevel } from 'tfjs-prune/certify'
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
const SETTINGS = [
  { alpha: 0.05, positives: 97 },
  { alpha: 0.05, positives: 200 },
  { alpha: 0.05, positives: 1000 },
  { alpha: 0.02, positives: 245 },
  { alpha: 0.02, positives: 1000 },
  { alpha: 0.01, positives: 492 },
]

/** A shipped model: its level and threshold; undefined when the rule refuses. */
type Shipped = { readonly level: number; readonly threshold: number } | undefined
type Rule = (
  levels: readonly ScoredLevel[],
  setting: { alpha: number; positives: number },
) => Shipped

const certified: Rule = (levels, { alpha }) => {
  const { accepted } = certifyScores(levels, {
    positiveClass: 1,
    maximumFalseNegativeRate: alpha,
    maximumFalsePositiveRate: BETA,
    confidence: CONFIDENCE,
  })
  return accepted ? { level: accepted.round, threshold: accepted.threshold } : undefined
}

/**
 * The highest threshold with an empirical FNR of at most alpha, and the last level with an
 * empirical FPR within beta.
 */
const naive: Rule = (levels, { alpha, positives }) => {
  let shipped: Shipped
  for (const { round, scores } of levels) {
    const values = scores as Float64Array
    const threshold = values.slice(0, positives).sort()[Math.floor(alpha * positives)]!
    const falsePositives = values
      .subarray(positives)
      .reduce((count, score) => count + Number(score >= threshold), 0)
    if (falsePositives / NEGATIVES > BETA) break
    shipped = { level: round, threshold }
  }
  return shipped
}

function normal({ uniform }: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/**
 * Scores of the same calibration samples at all levels: positives N(separation, 1), then negatives
 * N(0, 1).
 */
function draw(labels: Uint8Array, random: RandomStream): ScoredLevel[] {
  const common = Float64Array.from(labels, () => normal(random))
  const own = Math.sqrt(1 - CORRELATION)
  return SEPARATIONS.map((separation, round) => {
    const scores = common.map((value, i) => {
      return labels[i]! * separation + Math.sqrt(CORRELATION) * value + own * normal(random)
    })
    return { round, density: 0.5 ** round, labels, scores }
  })
}

export async function run(): Promise<void> {
  for (const setting of SETTINGS) {
    const { alpha, positives } = setting
    const labels = Uint8Array.from({ length: positives + NEGATIVES }, (_, i) =>
      Number(i < positives),
    )
    const random = randomStream(hashSeed('certificate', String(alpha), positives))
    const rules = [
      {
        subject: 'certify',
        rule: certified,
        tally: { missed: 0, alarmed: 0, refused: 0, levels: 0 },
      },
      { subject: 'naive', rule: naive, tally: { missed: 0, alarmed: 0, refused: 0, levels: 0 } },
    ]
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const levels = draw(labels, random)
      for (const { rule, tally } of rules) {
        const shipped = rule(levels, setting)
        if (!shipped) {
          tally.refused++
          continue
        }
        tally.levels += shipped.level
        if (normalCdf(shipped.threshold - SEPARATIONS[shipped.level]!) > alpha) tally.missed++
        if (normalCdf(-shipped.threshold) > BETA) tally.alarmed++
      }
    }
    for (const { subject, tally } of rules) {
      report({
        bench: 'certificate',
        ...setting,
        negatives: NEGATIVES,
        beta: BETA,
        confidence: CONFIDENCE,
        repetitions: REPETITIONS,
        subject,
        fnrAboveAlpha: tally.missed / REPETITIONS,
        fprAboveBeta: tally.alarmed / REPETITIONS,
        refused: tally.refused / REPETITIONS,
        meanLevel: tally.levels / Math.max(REPETITIONS - tally.refused, 1),
      })
    }
  }
}
