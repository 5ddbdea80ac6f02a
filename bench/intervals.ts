// How often 95 % intervals of an AUC hold the true area, and how wide they are, where positives are
// few or the area is high; and how often `aucNotBelow` keeps a network whose true loss is the slack.
// `npm run bench intervals` takes some minutes on a quiet machine; the bootstrap stands beside the
// others in fewer cells. bench/results/intervals.jsonl has the lines.
import { aucInterval } from '../src/internal/auc-interval.js'
import type { SortedSides } from '../src/internal/metric-sides.js'
import { placements } from '../src/internal/mid-ranks.js'
import { normalCdf, normalQuantile } from '../src/internal/normal.js'
import { hashSeed, type RandomStream, randomStream } from '../src/internal/random.js'
import { hasFewLostPairs, scoreInterval } from '../src/internal/score-interval.js'
import { delongTest } from '../src/metrics/delong-test.js'
import { areaLoss } from '../src/stopping/area-loss.js'
import type { Interval } from '../src/types.js'
import { report } from './support/measure.js'

const REPETITIONS = 2000
const ERROR = 0.05
const deviations = -normalQuantile(ERROR / 2)
const AREAS = [0.8, 0.9, 0.96, 0.99]
const POSITIVES = [10, 20, 30, 50, 100, 200]
const NEGATIVES = [200, 1000]
/** The bootstrap: repetitions, resamples, and cells. */
const BOOTSTRAP = { repetitions: 200, resamples: 500, positives: [30, 50], negatives: [200] }

interface Draws {
  readonly positive: () => number
  readonly negative: () => number
}

function normal({ uniform }: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

function exponential({ uniform }: RandomStream): number {
  return -Math.log(1 - uniform())
}

/** Populations of a given area. P(a X > Y) = a / (a + 1) of exponential X and Y. */
const populations: Record<string, (area: number, random: RandomStream) => Draws> = {
  binormal: (area, random) => {
    const shift = normalQuantile(area) * Math.SQRT2
    return { positive: () => shift + normal(random), negative: () => normal(random) }
  },
  'binormal, positives twice as wide': (area, random) => {
    const shift = normalQuantile(area) * Math.sqrt(5)
    return { positive: () => shift + 2 * normal(random), negative: () => normal(random) }
  },
  'exponential, wide positives': (area, random) => {
    const scale = area / (1 - area)
    return { positive: () => scale * exponential(random), negative: () => exponential(random) }
  },
  'exponential, wide negatives': (area, random) => {
    const scale = area / (1 - area)
    return { positive: () => -exponential(random), negative: () => -scale * exponential(random) }
  },
}

interface Sample extends SortedSides {
  readonly random: RandomStream
}

const areaOf = (sides: SortedSides) => aucInterval(sides, { error: ERROR, deviations })
const countsOf = ({ positives, negatives }: SortedSides) => ({
  positives: positives.length,
  negatives: negatives.length,
})

/** Logit DeLong of one more pair of which half is won, with Student's quantile. */
function shrunk(sides: SortedSides): Interval {
  const { auc, variance } = areaOf(sides)
  const { positives, negatives } = countsOf(sides)
  const pairs = Math.min(positives, negatives)
  const area = (auc * pairs + 0.5) / (pairs + 1)
  const least = (area * (1 - area)) / (positives * negatives)
  const reach = deviations * (1 + (deviations ** 2 + 1) / (4 * (pairs - 1)))
  const distance = (reach * Math.sqrt(Math.max(variance, least))) / (area * (1 - area))
  const logit = Math.log(area / (1 - area))
  return {
    lower: 1 / (1 + Math.exp(distance - logit)),
    upper: 1 / (1 + Math.exp(-distance - logit)),
  }
}

function resampled(values: Float64Array, { below }: RandomStream): Float64Array {
  return Float64Array.from(values, () => values[below(values.length)]!).sort()
}

/** Efron's acceleration, by leaving out one sample at a time. */
function acceleration({ positives, negatives }: SortedSides): number {
  const sums = [placements(positives, negatives), placements(negatives, positives)].map(
    (placed) => {
      const mean = placed.reduce((sum, value) => sum + value, 0) / placed.length
      const sign = placed.length === positives.length ? 1 : -1
      const gaps = Array.from(placed, (value) => (sign * (value - mean)) / placed.length)
      return [
        gaps.reduce((sum, gap) => sum + gap ** 3, 0),
        gaps.reduce((sum, gap) => sum + gap ** 2, 0),
      ]
    },
  )
  const scale = 1 / (2 * negatives.length)
  const other = 1 / (2 * positives.length)
  const cubes = sums[0]![0]! * scale ** 3 + sums[1]![0]! * other ** 3
  const squares = sums[0]![1]! * scale ** 2 + sums[1]![1]! * other ** 2
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0
}

/** Bias-corrected and accelerated, each side resampled by itself. */
function bootstrap(sample: Sample): Interval {
  const { positives, negatives, random } = sample
  const auc = areaOf(sample).auc
  const areas = Float64Array.from({ length: BOOTSTRAP.resamples }, () => {
    const sides = {
      positives: resampled(positives, random),
      negatives: resampled(negatives, random),
    }
    return areaOf(sides).auc
  }).sort()
  const below = areas.filter((area) => area < auc).length
  const equal = areas.filter((area) => area === auc).length
  const share = Math.min(Math.max((below + equal / 2) / areas.length, 1e-3), 1 - 1e-3)
  const bias = normalQuantile(share)
  const speed = acceleration(sample)
  const at = (z: number) => {
    const place = normalCdf(bias + (bias + z) / (1 - speed * (bias + z)))
    return areas[Math.min(Math.floor(place * areas.length), areas.length - 1)]!
  }
  return { lower: at(-deviations), upper: at(deviations) }
}

const candidates: Record<string, (sample: Sample) => Interval> = {
  'logit DeLong': (sample) => areaOf(sample).interval,
  'logit DeLong, half a pair more, t': shrunk,
  'Newcombe 5': (sample) =>
    scoreInterval({ ...areaOf(sample), variance: 0 }, { ...countsOf(sample), deviations }),
  aucScoreInterval: (sample) => scoreInterval(areaOf(sample), { ...countsOf(sample), deviations }),
  evaluateOn: (sample) => {
    const area = areaOf(sample)
    if (!hasFewLostPairs(area.auc, countsOf(sample))) return area.interval
    return scoreInterval(area, { ...countsOf(sample), deviations })
  },
}

interface Cell {
  readonly population: string
  readonly area: number
  readonly positives: number
  readonly negatives: number
}

/** Prints coverage and mean width of the intervals in one cell. */
function simulate(cell: Cell, repetitions: number, intervals: typeof candidates): void {
  const { population, area, positives, negatives } = cell
  const random = randomStream(hashSeed(...['intervals', population, area, positives, negatives]))
  const { positive, negative } = populations[population]!(area, random)
  const tallies = Object.keys(intervals).map((interval) => {
    return { interval, held: 0, below: 0, above: 0, width: 0 }
  })
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const sample = {
      positives: Float64Array.from({ length: positives }, positive).sort(),
      negatives: Float64Array.from({ length: negatives }, negative).sort(),
      random,
    }
    for (const tally of tallies) {
      const { lower, upper } = intervals[tally.interval]!(sample)
      if (area < lower) tally.below++
      else if (area > upper) tally.above++
      else tally.held++
      tally.width += upper - lower
    }
  }
  for (const { interval, ...sums } of tallies) {
    const shares = Object.entries(sums).map(([name, sum]) => [name, sum / repetitions])
    report({ bench: 'intervals', ...cell, repetitions, interval, ...Object.fromEntries(shares) })
  }
}

/** Dense areas, and the slack that the pruned network really loses. */
const LOSSES = [
  { area: 0.9, slack: 0.05 },
  { area: 0.96, slack: 0.02 },
  { area: 0.99, slack: 0.02 },
]

interface LossCell {
  readonly area: number
  readonly slack: number
  readonly positives: number
  /** Spread of the positives beside that of the negatives. */
  readonly width: number
  /** Correlation of both networks' scores. */
  readonly correlation: number
}

/**
 * Prints how often the bound of `aucNotBelow` accepts a loss of the whole slack, 5 % at most, and no
 * loss at all; and how often one by DeLong's standard error alone would.
 */
function simulateLoss(cell: LossCell): void {
  const [full, none] = [cell.slack, 0].map((loss) => acceptedOf(cell, loss))
  report({ bench: 'intervals', rule: 'aucNotBelow', ...cell, accepted: full, withoutLoss: none })
}

/**
 * Prints how often the bound accepts a network that loses a few positives altogether, and orders all
 * others as the dense network does: its area falls by the slack in the mean.
 */
function simulateRareLoss({ slack, positives }: { slack: number; positives: number }): void {
  const area = 0.96
  const random = randomStream(hashSeed('rare-loss', String(slack), positives))
  const shift = normalQuantile(area) * Math.SQRT2
  const labels = Int32Array.from({ length: positives + 300 }, (_, i) => Number(i < positives))
  let accepted = 0
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const dense = Float64Array.from(labels, (label) => label * shift + normal(random))
    const pruned = dense.map((score, i) =>
      labels[i] && random.uniform() < slack / area ? -1000 : score + 0.01 * normal(random),
    )
    const compared = { labels, positiveClass: 1, dense, pruned }
    const found = areaLoss(compared, { confidence: 1 - ERROR, task: 'simulate' })
    if (found.loss + found.distance <= slack) accepted++
  }
  const cell = { loss: 'rare positives', area, slack, positives }
  report({ bench: 'intervals', rule: 'aucNotBelow', ...cell, accepted: accepted / REPETITIONS })
}

function acceptedOf({ area, slack, positives, width, correlation }: LossCell, loss: number) {
  const random = randomStream(hashSeed('not-below', String(area), positives, width))
  const scale = Math.sqrt(1 + width ** 2)
  const shifts = [area, area - loss].map((one) => normalQuantile(one) * scale)
  const labels = Int32Array.from({ length: positives + 300 }, (_, i) => Number(i < positives))
  const reach = normalQuantile(1 - ERROR)
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)]
  let [bound, standardErrorAlone] = [0, 0]
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const scores = shifts.map(() => new Float64Array(labels.length))
    labels.forEach((label, i) => {
      const common = shared * normal(random)
      shifts.forEach((shift, network) => {
        const noise = common + own * normal(random)
        scores[network]![i] = label * shift + (label ? width : 1) * noise
      })
    })
    const [dense, pruned] = scores as [Float64Array, Float64Array]
    const compared = { labels, positiveClass: 1, dense, pruned }
    const found = areaLoss(compared, { confidence: 1 - ERROR, task: 'simulate' })
    if (found.loss + found.distance <= slack) bound++
    const { difference, standardError } = delongTest(labels, pruned, dense, { positiveClass: 1 })
    const provable = standardError === 0 ? 1 - ERROR ** (1 / positives) : reach * standardError
    if (provable - difference <= slack) standardErrorAlone++
  }
  return { bound: bound / REPETITIONS, standardErrorAlone: standardErrorAlone / REPETITIONS }
}

export async function run(): Promise<void> {
  const cells = [0.5, 0.8, 0.95].flatMap((correlation) =>
    [1, 2].flatMap((width) =>
      LOSSES.flatMap((loss) =>
        [30, 50, 100, 200].map((positives) => ({ ...loss, positives, width, correlation })),
      ),
    ),
  )
  for (const cell of cells) simulateLoss(cell)
  for (const slack of [0.02, 0.05, 0.1])
    for (const positives of [30, 50, 100, 200, 400]) simulateRareLoss({ slack, positives })
  for (const population of Object.keys(populations)) {
    for (const area of AREAS) {
      for (const positives of POSITIVES) {
        for (const negatives of NEGATIVES) {
          const cell = { population, area, positives, negatives }
          simulate(cell, REPETITIONS, candidates)
          const { repetitions, ...cells } = BOOTSTRAP
          if (!cells.positives.includes(positives) || !cells.negatives.includes(negatives)) continue
          simulate(cell, repetitions, { 'bootstrap BCa': bootstrap })
        }
      }
    }
  }
}
