import type { StudyPoint } from './job.js'
import type { StudyRow } from './rows.js'

/** Rates that each system is tuned over. */
export const RATES = [0.003, 0.01, 0.03]
/** Seeds to tune on; no reported figure has one of them. */
export const TUNING_SEEDS = [101, 102]

/** Steps of the shorter training; the longer one has twice as many. */
const STEPS = 400

/** Epochs of the shorter and of the longer training, for so many samples. */
export function epochsFor(samples: number, batchSize = 32): readonly [number, number] {
  const short = Math.max(1, Math.round(STEPS / Math.ceil(samples / batchSize)))
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
 * first. A trial that diverged on a seed is the worst.
 */
export function bestTrial(rows: readonly StudyRow[], subject: Subject): Trial {
  const own = rows.filter(
    (row) =>
      row.phase === 'tuning' &&
      row.set === subject.set &&
      row.network === subject.network &&
      row.system === subject.system,
  )
  const means = new Map<string, { trial: Trial; sum: number; count: number }>()
  for (const { rate, epochs, levels } of own) {
    const found = means.get(`${rate} ${epochs}`) ?? { trial: { rate, epochs }, sum: 0, count: 0 }
    found.sum += levels?.at(-1)?.validationAuc ?? Number.NEGATIVE_INFINITY
    found.count++
    means.set(`${rate} ${epochs}`, found)
  }
  const complete = [...means.values()].filter(({ count }) => count === TUNING_SEEDS.length)
  if (complete.length === 0)
    throw new Error(`Cannot tune ${subject.system}: expected trials on all tuning seeds, got none`)
  return complete.reduce((best, one) => (one.sum > best.sum ? one : best)).trial
}
