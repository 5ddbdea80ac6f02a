import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkFixedRates, USUAL_RATES } from '../internal/fixed-rates.js'
import { ofSet } from '../internal/named-set.js'
import type { Evaluation, RoundReport } from '../types.js'
import { listOf, toldMisses } from './told-misses.js'

/** Options of {@link ledger}. */
export interface LedgerOptions {
  /**
   * False-positive rates in [0, 1) at which the misses are told. @default those that the
   * evaluation of the first round has, or else [0.05, 0.1]
   */
  readonly falsePositiveRates?: readonly number[]
  /** Name of one of several sets that the rounds were measured on. @default the first of them */
  readonly set?: string
}

/** Misses of a round beside those of the dense network. */
export interface LedgerMisses {
  readonly falseNegatives: number | null
  readonly falseNegativeRate: number | null
  /** `falseNegatives` less those of round 0: below 0 where the round misses fewer. */
  readonly addedFalseNegatives: number | null
}

/** Misses of a round at a fixed false-positive rate. */
export interface LedgerMissesAtRate extends LedgerMisses {
  readonly falsePositiveRate: number
}

/**
 * A round in one row of plain data, which survives JSON. Null is a number that the evaluation does
 * not tell, or that is not defined.
 */
export interface LedgerRow extends LedgerMisses {
  /** 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** Kept share of all parameters of the model. */
  readonly densityOverAll: number
  /** Kept prunable weights. */
  readonly kept: number
  readonly falsePositives: number | null
  readonly falsePositiveRate: number | null
  readonly auc: number | null
  /** Why the network counts as collapsed, in words. */
  readonly collapsed: string | null
  /** The class of the lowest recall. */
  readonly worstClass: number | null
  readonly worstRecall: number | null
  /** One entry a rate, in the same order in all rows. */
  readonly atFalsePositiveRates: readonly LedgerMissesAtRate[]
}

const task = 'make a ledger'
/** The checks of the options of {@link ledger}. */
export const ledgerChecks: OptionChecks<LedgerOptions> = {
  falsePositiveRates: checkFixedRates,
  set: (value, { name }) => {
    if (typeof value === 'string') return
    throw new TypeError(`Cannot ${task}: expected a text as ${name}, got ${describe(value)}`)
  },
}

/**
 * The rounds of a run as rows: how dense each is, and its misses beside those of the dense network,
 * at the model's own boundary and at fixed false-positive rates.
 *
 * Few misses at the own boundary may be paid for by false alarms; those at a fixed rate cannot.
 * They are as {@link falseNegativeRateAt} defines them: taken from the evaluation where it has the
 * rate, or else counted by its scores.
 *
 * @param rounds Finished rounds or reports, of `prune`, of a stored run or read from JSON; the
 *   dense one is that with round 0. Evaluations may be of any kind: those of a regression give rows
 *   of nulls beside the densities.
 * @param options The fixed false-positive rates.
 * @returns One row a round, in the given order; none for no rounds. `addedFalseNegatives` is null
 *   without a round 0, or where that counted another number of positives.
 * @throws {TypeError} If `rounds` is no list of rounds, an option does not exist or is no list of
 *   numbers, or the rounds were not measured on the set.
 * @throws {RangeError} If a rate is outside [0, 1), or the labels or scores of an evaluation are
 *   none.
 * @example
 * ```ts
 * import { ledger } from 'tfjs-prune/metrics'
 *
 * const labels = Int32Array.of(1, 1, 0, 0)
 * const report = (round: number, scores: Float64Array) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const seconds = { training: 1, scoring: 1, evaluation: 1 }
 *   return { round, ...counts, evaluation: { labels, scores, positiveClass: 1 }, trainingLoss: 0.1, seconds }
 * }
 * const rounds = [report(0, Float64Array.of(4, 3, 2, 1)), report(1, Float64Array.of(4, 2, 3, 1))]
 * const [dense, half] = ledger(rounds, { falsePositiveRates: [0.1] })
 * if (dense?.atFalsePositiveRates[0]?.falseNegatives !== 0) throw new Error('all positives on top')
 * if (half?.atFalsePositiveRates[0]?.addedFalseNegatives !== 1) throw new Error('one below a negative')
 * ```
 */
export function ledger(
  rounds: readonly RoundReport<object>[],
  options: LedgerOptions = {},
): LedgerRow[] {
  checkOptions(options, { task, checks: ledgerChecks })
  checkRounds(rounds)
  const { set } = options
  const evaluations = rounds.map(({ evaluation }): Partial<Evaluation> => {
    return (set === undefined ? evaluation : ofSet(evaluation, set, task)) ?? {}
  })
  const told = evaluations[0]?.atFalsePositiveRates?.map((one) => one.falsePositiveRate)
  const rates = options.falsePositiveRates ?? told ?? USUAL_RATES
  const measured = evaluations.map((evaluation) => measure(evaluation, rates))
  const dense = measured[rounds.findIndex(({ round }) => round === 0)]
  return rounds.map((report, index): LedgerRow => {
    const { round, density, densityOverAll, kept } = report
    // They are about the first set.
    const isFirst = set === undefined || evaluations[index] === report.evaluation
    const { collapsed, worstClass } = isFirst ? report : ({} as Partial<typeof report>)
    const { positives, own, fixed } = measured[index]!
    const { confusion, falsePositiveRate, auc } = evaluations[index]!
    const first = dense?.positives === positives ? dense : undefined
    return {
      ...{ round, density, densityOverAll, kept },
      ...beside(own, first?.own),
      falsePositives: numberOrNull(confusion?.falsePositives),
      falsePositiveRate: numberOrNull(falsePositiveRate),
      auc: numberOrNull(auc),
      collapsed: collapsed ?? null,
      worstClass: numberOrNull(worstClass?.class),
      worstRecall: numberOrNull(worstClass?.recall),
      atFalsePositiveRates: rates.map((rate, i) => ({
        falsePositiveRate: rate,
        ...beside(fixed[i]!, first?.fixed[i]),
      })),
    }
  })
}

function checkRounds(rounds: readonly RoundReport<object>[]): void {
  const isList = Array.isArray(rounds)
  if (isList && rounds.every((round) => typeof round?.density === 'number')) return
  const got = isList ? 'a list of others' : describe(rounds)
  throw new TypeError(`Cannot ${task}: expected a list of rounds, got ${got}`)
}

type Misses = Omit<LedgerMisses, 'addedFalseNegatives'>

/** The misses of a round, at its own boundary and at each rate, and the positives that it counted. */
function measure(evaluation: Partial<Evaluation>, rates: readonly number[]) {
  const { confusion, falseNegativeRate } = evaluation
  return {
    positives: positivesOf(evaluation),
    own: missesOf({ falseNegatives: confusion?.falseNegatives, falseNegativeRate }),
    fixed: rates.map((falsePositiveRate) =>
      missesOf(toldMisses(evaluation, { falsePositiveRate, task })),
    ),
  }
}

/** The positives that an evaluation counted, or else those among its labels. */
function positivesOf({ confusion, labels, positiveClass }: Partial<Evaluation>) {
  if (confusion) return confusion.truePositives + confusion.falseNegatives
  if (!labels || positiveClass === undefined) return undefined
  return Array.from(listOf(labels)).filter((label) => label === positiveClass).length
}

interface Told {
  readonly falseNegatives?: number | undefined
  readonly falseNegativeRate?: number | undefined
}

function missesOf({ falseNegatives, falseNegativeRate }: Told = {}): Misses {
  return {
    falseNegatives: numberOrNull(falseNegatives),
    falseNegativeRate: numberOrNull(falseNegativeRate),
  }
}

function beside(misses: Misses, dense: Misses | undefined): LedgerMisses {
  const [own, first] = [misses.falseNegatives, dense?.falseNegatives ?? null]
  return { ...misses, addedFalseNegatives: own === null || first === null ? null : own - first }
}

/** NaN and infinite numbers are null, as in JSON. */
function numberOrNull(value: number | null | undefined): number | null {
  return Number.isFinite(value) ? value! : null
}
