import {
  reshape,
  type Scalar,
  slice,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'
import type { ModelOutput } from '../internal/model-output.js'
import { optionError } from '../internal/option-error.js'
import type { BudgetFeasibility, Evaluation, Loss, LossSchedule } from '../types.js'
import type { LossMemory } from './multipliers.js'

/** A loss, a schedule of losses, or both, as `falseNegativeBudget` is. */
export type Lossy = Loss | LossSchedule

/** A loss that learns, or that has a loss of its own for each round. */
interface Learning extends Loss, Partial<LossSchedule> {
  (yTrue: Tensor, yPred: Tensor, ...more: readonly unknown[]): Scalar
  readonly update?: (measured: never) => unknown
  readonly compareWith?: (dense: never) => unknown
  readonly feasibility?: readonly BudgetFeasibility[]
  readonly memory?: LossMemory
}

interface OnLabels {
  readonly task: string
  /** The setting `label`: a column, or all of them. */
  readonly label: number | 'all'
  /** More settings. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The cost of a batch, from a loss of one label. */
  readonly compute: (part: Loss, yTrue: Tensor, yPred: Tensor) => Scalar
}

/** The same for a head of labels: a loss becomes a loss, a schedule a schedule. */
export function onLabels<T extends Lossy>(given: T, way: OnLabels): T {
  const { task } = way
  const { atRound, atEpoch } = (given ?? {}) as Partial<LossSchedule>
  const isLoss = typeof given === 'function'
  if (!isLoss && typeof atRound !== 'function') {
    const got = describe(given)
    throw optionError(new TypeError(`Cannot ${task}: expected a loss or a schedule, got ${got}`))
  }
  const schedule = {
    ...(atRound && { atRound: (round: number) => onLabels(atRound(round), way) }),
    ...(atEpoch && {
      atEpoch: (epoch: number, round: number) => onLabels(atEpoch(epoch, round), way),
    }),
  }
  return (isLoss ? Object.assign(lossOnLabels(given, way), schedule) : schedule) as T
}

function lossOnLabels(part: Learning, way: OnLabels): Loss {
  const { task, label, settings, compute } = way
  const { forOutput, update, compareWith, memory } = part
  if (part.settings?.grouped) {
    const wanted = 'a loss of classes, whose labels are one column'
    throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got one of groups`))
  }
  if (update && label === 'all') {
    const wanted = 'a loss without an update step for all labels: forLabel takes it for one'
    throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got one with it`))
  }
  // Some losses take weights of the samples too, which are the same for each label.
  const cost = (yTrue: Tensor, yPred: Tensor, ...more: readonly unknown[]) => {
    const own: Loss = (labels, outputs) => part(labels, outputs, ...more)
    return tidy(() => compute(own, yTrue, yPred))
  }
  const checking = (use: (measured: never) => unknown) => (measured: Partial<Evaluation>) => {
    checkMeasured(measured, label as number)
    use(measured as never)
  }
  const onLabel = Object.assign(cost, {
    settings: { ...part.settings, ...settings, label },
    ...(forOutput && { forOutput: (output: ModelOutput) => onLabels(forOutput(output), way) }),
    ...(update && {
      update: checking(update),
      ...(compareWith && { compareWith: checking(compareWith) }),
      ...(memory && { memory }),
    }),
  })
  if (!part.feasibility) return onLabel
  return Object.defineProperty(onLabel, 'feasibility', { get: () => part.feasibility })
}

/** Throws if an evaluation is about another label. */
function checkMeasured(measured: Partial<Evaluation> | undefined, label: number): void {
  const got = measured?.label
  if (got === undefined || got === label) return
  throw new RangeError(
    `Cannot update the loss of label ${label}: expected an evaluation of it, got one of ${got}`,
  )
}

/** Number of labels of a head. Throws a TypeError unless rows have as many parts for each. */
export function countLabels(yTrue: Tensor, yPred: Tensor, name: string): number {
  const [samples, labels = 1] = yPred?.shape ?? []
  const columns = yTrue?.shape?.[1] ?? 1
  const ranks = [yTrue, yPred].map((one) => one?.rank)
  const isRight = ranks.every((rank) => rank === 1 || rank === 2) && columns % labels === 0
  if (isRight && labels > 0 && yTrue.shape[0] === samples) return labels
  const got = [yTrue, yPred].map((one) => `[${one?.shape ?? typeof one}]`).join(' and ')
  throw new TypeError(
    `Cannot compute ${name}: expected yTrue and yPred of shape [n, labels], got ${got}`,
  )
}

/**
 * The columns of one label, `[n, 1]`; of labels that carry more beside them, such as a teacher,
 * those that belong to it.
 */
export function columnsOf(rows: Tensor, label: number, labels: number): Tensor {
  const columns = (rows.shape[1] ?? 1) / labels
  const all = rows.rank === 1 ? reshape(rows, [-1, 1]) : rows
  return slice(all as Tensor2D, [0, label * columns], [-1, columns])
}
