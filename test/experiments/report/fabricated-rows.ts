import type { StudyLevel, StudyRow } from '../../../experiments/class-dependent/rows.js'

/** By how much a system misses less than plain, as a factor of its misses; and its AUC. */
export interface Fabricated {
  readonly misses?: number
  readonly auc?: number
  readonly levels?: number
}

/** A number in [-1, 1] that hangs on the seed alone, the same for all systems. */
const luck = (seed: number) => ((seed * 37) % 19) / 9 - 1

function levelOf(seed: number, level: number, { misses = 1, auc = 0.95 }: Fabricated): StudyLevel {
  const base = misses * (0.1 + 0.01 * level + 0.004 * luck(seed + level))
  return {
    density: 1 / 2 ** level,
    auc: auc - 0.004 * level + 0.002 * luck(seed + 3 * level),
    validationAuc: auc,
    partialAuc: auc - 0.05,
    argmax: { fnr: base, fpr: 0.1 },
    atFpr: [0.05, 0.1, 0.2].map((fpr) => ({
      fpr,
      curve: base * (1.3 - 3 * fpr),
      moved: { fnr: base, fpr: fpr + 0.01 },
    })),
    multiplyAdds: 1 / 2 ** level,
    seconds: 2,
  }
}

/** A row of a system that tuning chose, on the set of X-rays. */
export function fabricatedRow(
  system: string,
  seed: number,
  { levels = 7, ...figures }: Fabricated = {},
): StudyRow {
  return {
    ...{ set: 'xrays', network: 'cnn', system, seed, rate: 0.01, epochs: 12, phase: 'test' },
    ...{ version: '0.1.0', commit: 'abc1234' },
    levels: Array.from({ length: levels }, (_, level) => levelOf(seed, level, figures)),
  }
}

/** Rows of systems on seeds from 1. */
export function fabricatedRows(
  systems: Readonly<Record<string, Fabricated>>,
  seeds = 10,
): StudyRow[] {
  return Object.entries(systems).flatMap(([system, figures]) =>
    Array.from({ length: seeds }, (_, i) => fabricatedRow(system, i + 1, figures)),
  )
}

/** Tuning rows of a system, one a rate and seed; null where training diverged. */
export function fabricatedTuning(
  system: string,
  aucs: Readonly<Record<string, number | null>>,
): StudyRow[] {
  return [101, 102].flatMap((seed) =>
    Object.entries(aucs).map(([rate, auc]): StudyRow => {
      const row = fabricatedRow(system, seed, { levels: 2, ...(auc !== null && { auc }) })
      const tuned = { ...row, rate: Number(rate), phase: 'tuning' as const }
      return auc === null ? { ...tuned, levels: null } : tuned
    }),
  )
}
