import { progressOf } from '../internal/at-once.js'
import { checkOptions } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { giveTurn } from '../internal/event-loop.js'
import { type Knobs, type PointOf, pointsOf } from './knobs.js'
import { rungsOf } from './rungs-of.js'
import { checkApart, type TunedRun, type TuneOptions, task, tuneChecks } from './tune-options.js'

/** A point with its scores: one row of the table. */
export interface TunedRow<P = Readonly<Record<string, unknown>>> {
  readonly scenario: string
  readonly point: P
  /** Share of the last training that it got. */
  readonly share: number
  /** Scores of that share, in the order of the seeds; null where one was not finite. */
  readonly scores: readonly (number | null)[]
  /** Their mean; null where one is. */
  readonly mean: number | null
  readonly isWinner: boolean
}

/** The outcome of {@link tune}: plain data. */
export interface Tuned<P = Readonly<Record<string, unknown>>> {
  /** The winner of each scenario by its name; left out where no point has finite scores. */
  readonly winners: Readonly<Record<string, P>>
  /** All points, scenario by scenario, the best first. */
  readonly rows: readonly TunedRow<P>[]
  /** All trainings, in their order; `resume` takes them. */
  readonly runs: readonly TunedRun<P>[]
}

/**
 * Picks the values of knobs, such as rate and epochs, by successive halving: for each scenario, on
 * validation data, with seeds that no reported figure uses.
 *
 * All points of a scenario are trained with a small share of the whole training, once for each
 * seed. The better half by the mean over the seeds, the larger one of an odd number, is trained
 * again with the next share, and so on; the last rung decides. Of equal means the earlier point is
 * the better in the first rung, and the better one of the rung before in the others; a score that
 * is not finite is the worst. n points cost about 2 log2(n) whole
 * trainings a seed by the default rungs, where all to the end cost n; `rungs: [1]` does that.
 *
 * It trains nothing and knows no data: `train` does, and gets the share that it may spend. {@link
 * scorePruned} makes such a function from a pruning run. Two points that train for different epochs
 * get the same share of their own: where short trainings favour a value, high rates say, begin with
 * a larger share.
 *
 * @param options Scenarios with their knobs, the training, seeds and rungs.
 * @returns Winners, a table of all points and all runs.
 * @throws {TypeError | RangeError} If an option is wrong or missing, a knob has no values, a list
 *   of rungs does not ascend to 1, or a seed is to be reported as well: before anything is trained.
 * @throws {TypeError} If `train` returns no number.
 * @see Jamieson and Talwalkar 2016, Non-stochastic Best Arm Identification and Hyperparameter
 *   Optimization, arXiv 1502.07943.
 *
 * @example
 * ```ts
 * import { tune } from 'tfjs-prune'
 *
 * const { winners, rows } = await tune({
 *   scenarios: { plain: { learningRate: [0.001, 0.01, 0.1], epochs: [12, 24] } },
 *   // Stands for a training: the best rate is 0.01, and more epochs are a little better.
 *   train: ({ learningRate, epochs }, { share }) =>
 *     -Math.abs(Math.log10(learningRate) + 2) + 0.001 * epochs * share,
 *   seeds: [101, 102],
 *   reportedSeeds: [1, 2, 3],
 *   direction: 'maximise',
 * })
 * if (winners.plain?.learningRate !== 0.01 || winners.plain.epochs !== 24) throw new Error('another point')
 * if (rows.filter(({ share }) => share === 1).length !== 2) throw new Error('two points train to the end')
 * ```
 */
export async function tune<const K extends Knobs>(
  options: TuneOptions<K>,
): Promise<Tuned<PointOf<K>>> {
  checkOptions(options as unknown as TuneOptions, { task, checks: tuneChecks })
  checkApart(options as unknown as TuneOptions)
  const plans = Object.entries<K>(options.scenarios).map(([scenario, knobs]) => {
    const points = pointsOf(knobs)
    return { scenario, points, rungs: rungsOf(points.length, options.rungs) }
  })
  const of =
    plans.flatMap(({ rungs }) => rungs).reduce((sum, { count }) => sum + count, 0) *
    options.seeds.length
  const runs: TunedRun<PointOf<K>>[] = []
  const onProgress = progressOf(options, task)
  const told = (run: TunedRun<PointOf<K>>) => {
    runs.push(run)
    onProgress?.({ run, done: runs.length, of })
  }
  const rows: TunedRow<PointOf<K>>[] = []
  for (const plan of plans) rows.push(...(await halve(plan, options, told)))
  const winners = rows.filter(({ isWinner }) => isWinner).map((row) => [row.scenario, row.point])
  return { winners: Object.fromEntries(winners), rows, runs }
}

interface Plan<P> {
  readonly scenario: string
  readonly points: readonly P[]
  readonly rungs: ReturnType<typeof rungsOf>
}

/** The rows of one scenario, the best first. */
async function halve<K extends Knobs>(
  { scenario, points, rungs }: Plan<PointOf<K>>,
  options: TuneOptions<K>,
  told: (run: TunedRun<PointOf<K>>) => void,
): Promise<TunedRow<PointOf<K>>[]> {
  let left = points
  const gone: TunedRow<PointOf<K>>[][] = []
  for (const [i, { share, count }] of rungs.entries()) {
    const rows: TunedRow<PointOf<K>>[] = []
    for (const point of left.slice(0, count)) {
      const scores: (number | null)[] = []
      for (const seed of options.seeds) {
        const score = await scoreOf({ scenario, point, seed, share }, options)
        told({ scenario, point, seed, share, score })
        scores.push(score)
        await giveTurn()
      }
      rows.push({ scenario, point, share, scores, mean: meanOf(scores), isWinner: false })
    }
    rows.sort((a, b) => worse(a.mean, b.mean, options.direction))
    const next = rungs[i + 1]?.count ?? rows.length
    left = rows.slice(0, next).map(({ point }) => point)
    gone.unshift(i === rungs.length - 1 ? rows : rows.slice(next))
  }
  const all = gone.flat()
  return all.map((row, i) => ({ ...row, isWinner: i === 0 && row.mean !== null }))
}

type Asked<P> = Omit<TunedRun<P>, 'score'>

/** The score of a run that is known, or trained now; null where it is not finite. */
async function scoreOf<K extends Knobs>(
  asked: Asked<PointOf<K>>,
  { train, resume = [], signal }: TuneOptions<K>,
): Promise<number | null> {
  const { scenario, point, seed, share } = asked
  signal?.throwIfAborted()
  const known = resume.find((run) => keyOf(run) === keyOf(asked))
  if (known) return known.score
  const score = await train(point, { scenario, seed, share, signal })
  if (typeof score !== 'number')
    throw new TypeError(`Cannot ${task}: expected train to return a number, got ${describe(score)}`)
  return Number.isFinite(score) ? score : null
}

/** The same for a point whose knobs are named in another order. */
const keyOf = ({ scenario, point, seed, share }: Asked<object>) =>
  JSON.stringify([scenario, Object.entries(point).sort(), seed, share])

function meanOf(scores: readonly (number | null)[]): number | null {
  let sum = 0
  for (const score of scores) {
    if (score === null) return null
    sum += score
  }
  return sum / scores.length
}

/** Above 0 where the first mean is the worse. */
function worse(a: number | null, b: number | null, direction: TuneOptions['direction']): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return direction === 'maximise' ? b - a : a - b
}
