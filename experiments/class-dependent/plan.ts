import { type BestPoint, bestPoints } from 'tfjs-prune/sweep'
import type { StudyRow } from './rows.js'
import type { StudyPoint } from './study-point.js'

/** Samples a step. */
export const BATCH_SIZE = 32
/** Rates that each system is tuned over. */
export const RATES = [0.001, 0.003, 0.01, 0.03, 0.1]
/** Seeds to tune on; no reported figure has one of them. */
export const TUNING_SEEDS = [101, 102]

/** Epochs of the shorter training, of about so many steps, and of one that is twice as long. */
export function epochsFor(samples: number, steps: number): readonly [number, number] {
  const short = Math.max(1, Math.round(steps / Math.ceil(samples / BATCH_SIZE)))
  return [short, 2 * short]
}

/** The part of a point that a plan is about. */
export type Subject = Pick<StudyPoint, 'set' | 'network' | 'system'>

interface Trial {
  readonly rate: number
  readonly epochs: number
}

/** First the rates, with the shorter training. */
export const rateTrials = (subject: Subject, [short]: readonly [number, number]): StudyPoint[] =>
  TUNING_SEEDS.flatMap((seed) =>
    RATES.map((rate) => ({ ...subject, seed, rate, epochs: short, phase: 'tuning' as const })),
  )

/** Then the longer training, at the best rate. */
export const epochTrials = (subject: Subject, { rate, epochs }: Trial): StudyPoint[] =>
  TUNING_SEEDS.map((seed) => ({ ...subject, seed, rate, epochs, phase: 'tuning' as const }))

/**
 * The trial with the best mean AUC of the sparsest level, on the validation part; of equal ones the
 * first. A trial that diverged is the worst. Undefined where there is none that trained.
 *
 * All systems have the same trials: those at the shorter training, and the longer one at the rate
 * that wins there. A longer one at another rate, from an earlier grid, does not count.
 */
export function bestOf(rows: readonly StudyRow[], subject: Subject): BestPoint | undefined {
  const own = rows
    .filter((row) => row.phase === 'tuning' && row.system === subject.system)
    .filter((row) => row.set === subject.set && row.network === subject.network)
    .map(({ levels, ...point }) => ({ ...point, auc: levels?.at(-1)?.validationAuc ?? null }))
  const reported = rows.filter(({ phase }) => phase === 'test').map(({ seed }) => seed)
  const among = (trials: typeof own) =>
    trials.length === 0
      ? undefined
      : bestPoints(trials, {
          ...{ by: ['system'], knobs: ['rate', 'epochs'], figure: 'auc', over: 'seed' },
          ...{ direction: 'maximise', reportedSeeds: [...new Set(reported)] },
        })[0]
  const least = Math.min(...own.map(({ epochs }) => epochs))
  const winner = among(own.filter(({ epochs }) => epochs === least))
  if (!winner?.point) return winner
  const { rate } = winner.point
  return among(own.filter((trial) => trial.epochs === least || trial.rate === rate))
}

/** The point of {@link bestOf}. */
export function bestTrial(rows: readonly StudyRow[], subject: Subject): Trial {
  const best = bestOf(rows, subject)
  if (!best?.point)
    throw new Error(`Cannot tune ${subject.system}: expected a rate that trains, got none`)
  return best.point as unknown as Trial
}
