// The stored runs of bench/misses.ts, and their sums.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { holm, wilcoxonSignedRank } from 'tfjs-prune/metrics'

/** One level of a run, on the held-out part. */
export interface StudyLevel {
  readonly density: number
  readonly auc: number
  /** FNR where FPR is 10 and 5 %. */
  readonly fnr: readonly number[]
  readonly multiplyAdds: number
  readonly seconds: number
}

/** One run: a line of the file. */
export interface StudyRun {
  readonly set: string
  readonly judged: 'validation' | 'test'
  readonly arm: string
  readonly rate: number
  readonly seed: number
  /** null where training diverged. */
  readonly levels: readonly StudyLevel[] | null
}

/** Figures of a level, as {@link FIGURES} reads them. */
export type Figures = Readonly<Record<keyof typeof FIGURES, number>>

/** An arm, over its seeds. */
export interface ArmSummary {
  readonly arm: string
  readonly rate: number
  readonly seeds: number
  readonly levels: readonly (Figures & { readonly density: number })[]
  /** Against plain, by seed: the mean over the levels below 1 (Wilcoxon, two-sided). */
  readonly p: Partial<Figures>
  /** The same by Holm, over all arms. */
  readonly pByHolm: Partial<Figures>
}

const FIGURES = {
  fnrAtFpr10: (level: StudyLevel) => level.fnr[0]!,
  fnrAtFpr5: (level: StudyLevel) => level.fnr[1]!,
  auc: (level: StudyLevel) => level.auc,
  multiplyAdds: (level: StudyLevel) => level.multiplyAdds,
  seconds: (level: StudyLevel) => level.seconds,
}
const TESTED = ['fnrAtFpr10', 'fnrAtFpr5', 'auc'] as const
const BASE = 'plain'

/** Runs of a file, one JSON object a line. */
export function readRuns(path: string): StudyRun[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line))
}

/** The file in which the repository keeps the runs of a set. */
export const runsFile = (set: string): string =>
  fileURLToPath(new URL(`../../bench/results/misses-${set}.jsonl`, import.meta.url))

/** The runs that the repository keeps of a set. */
export const storedRuns = (set: string): StudyRun[] => readRuns(runsFile(set))

const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length

/**
 * Arms over the seeds that each shares with plain, in the order of the runs. Runs that chose a rate
 * do not count.
 */
export function summariseStudy(runs: readonly StudyRun[]): ArmSummary[] {
  const judged = runs.filter(({ judged, levels }) => judged === 'test' && levels)
  const arms = [...new Set(judged.map(({ arm }) => arm))]
  const runOf = (arm: string, seed: number) =>
    judged.find((run) => run.arm === arm && run.seed === seed)
  const seedsOf = (arm: string) => {
    const seeds = judged.filter((run) => run.arm === arm).map(({ seed }) => seed)
    return seeds.filter((seed) => runOf(BASE, seed))
  }
  const others = arms.filter((arm) => arm !== BASE)
  const tests = TESTED.map((figure) => {
    const overLevels = (arm: string, seed: number) =>
      mean(pruned(runOf(arm, seed)!.levels!).map(FIGURES[figure]))
    const raw = others.map((arm) => {
      const seeds = seedsOf(arm)
      const [own, base] = [arm, BASE].map((one) => seeds.map((seed) => overLevels(one, seed)))
      return wilcoxonSignedRank(own!, base!).pValue
    })
    return { figure, raw, adjusted: holm(raw) }
  })
  return arms.map((arm) => {
    const found = seedsOf(arm).map((seed) => runOf(arm, seed)!)
    const place = others.indexOf(arm)
    const pick = (of: 'raw' | 'adjusted') =>
      Object.fromEntries(tests.map((test) => [test.figure, test[of][place]]))
    return {
      ...{ arm, rate: found[0]!.rate, seeds: found.length },
      levels: found[0]!.levels!.map(({ density }, index) => ({
        density,
        ...figuresOf(found.map(({ levels }) => levels![index]!)),
      })),
      p: place < 0 ? {} : pick('raw'),
      pByHolm: place < 0 ? {} : pick('adjusted'),
    }
  })
}

const pruned = (levels: readonly StudyLevel[]) => levels.filter(({ density }) => density < 1)

function figuresOf(levels: readonly StudyLevel[]): Figures {
  const names = Object.keys(FIGURES) as (keyof typeof FIGURES)[]
  const entries = names.map((name) => [name, mean(levels.map(FIGURES[name]))])
  return Object.fromEntries(entries)
}
