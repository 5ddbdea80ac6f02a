import fc from 'fast-check'
import type { RoundReport } from '../../src/types.js'

/** The numbers of a round that stopping rules look at; the others follow from them. */
export interface RoundNumbers {
  readonly density?: number
  readonly falseNegatives?: number
  readonly truePositives?: number
  /** Of 10 negatives. @default 1 */
  readonly falsePositives?: number
  readonly auc?: number
}

/** A ledger of plain reports, frozen to the last object, one entry a round. */
export function ledger(rounds: readonly RoundNumbers[]): RoundReport[] {
  return deepFreeze(rounds.map(report))
}

function report(numbers: RoundNumbers, round: number): RoundReport {
  const {
    density = 0.5 ** round,
    falseNegatives = 0,
    truePositives = 10 - falseNegatives,
    auc = 0.9,
  } = numbers
  const { falsePositives = 1 } = numbers
  const confusion = {
    truePositives,
    falseNegatives,
    falsePositives,
    trueNegatives: 10 - falsePositives,
  }
  const falseNegativeRate = falseNegatives / (falseNegatives + truePositives)
  const evaluation = {
    confusion,
    falseNegativeRate,
    falsePositiveRate: falsePositives / 10,
    accuracy: 0.9,
    auc,
    loss: 0.3,
  }
  const seconds = { training: 1, scoring: 1, evaluation: 1 }
  const kept = Math.round(1000 * density)
  return {
    round,
    density,
    densityOverAll: density,
    kept,
    weights: [],
    evaluation,
    trainingLoss: 0.1,
    seconds,
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

/** Ledgers of up to seven rounds, density falling or level. */
export const ledgers: fc.Arbitrary<RoundReport[]> = fc
  .array(
    fc.record({
      keep: fc.constantFrom(0.5, 0.8, 1),
      falseNegatives: fc.nat(10),
      falsePositives: fc.nat(10),
      auc: fc.constantFrom(0.5, 0.7, 0.8, 0.9, 1),
    }),
    { maxLength: 7 },
  )
  .map((rounds) => {
    let density = 1
    return ledger(
      rounds.map(({ keep, ...numbers }, round) => {
        if (round > 0) density *= keep
        return { density, ...numbers }
      }),
    )
  })
