import type { OutputOption } from '../internal/model-output.js'
import type { GroupLabels } from '../losses/group-labels.js'
import type { LossMemory } from '../losses/multipliers.js'
import type {
  BudgetFeasibility,
  Evaluate,
  Evaluation,
  Loss,
  LossSchedule,
  TrainingContext,
} from '../types.js'
import { evaluateOn } from './evaluate-on.js'
import { labelColumns, labelValues } from './labels.js'
import { isDataset, type TrainingData } from './training-data.js'

/** A loss that learns from the measurement after an epoch. */
export interface UpdatedLoss extends Loss {
  readonly update: (measured: Evaluation) => unknown
  /** Learns the rates of the dense network. */
  readonly compareWith?: (dense: Evaluation) => unknown
  /** How its budgets stand. */
  readonly feasibility?: readonly BudgetFeasibility[]
  /** Reads labels that carry groups. */
  readonly groups?: GroupLabels
  /** The numbers that its updates move. */
  readonly memory?: LossMemory
  /** Parts of a sum that have an update step. */
  readonly learning?: readonly Loss[]
}

/** Whether a loss has an update step. */
function isUpdated(loss: Loss): loss is UpdatedLoss {
  return typeof (loss as UpdatedLoss).update === 'function'
}

/**
 * The numbers that the updates of a loss move; undefined for a loss that has none. Throws where it
 * has an update step and does not tell them: a round could not go on from its middle.
 */
export function memoryOf(loss: Loss): LossMemory | undefined {
  if (!isUpdated(loss)) return undefined
  if (loss.memory) return loss.memory
  throw new RangeError(
    'Cannot keep the state within a round: expected a loss with a memory of its update steps, as ' +
      'that of falseNegativeBudget, got one without: leave checkpointEvery out',
  )
}

/** How the budgets of a loss stand; undefined for a loss that has none. */
export function budgetsOf(loss: Loss): readonly BudgetFeasibility[] | undefined {
  return isUpdated(loss) ? loss.feasibility : undefined
}

/** Whether a loss changes from round to round; some are a loss of their own as well. */
export function isSchedule(loss: Loss | LossSchedule): loss is LossSchedule {
  return typeof (loss as LossSchedule | undefined)?.atRound === 'function'
}

/** The losses of a round's epochs: one for all, or made when their epoch comes. */
export function lossesOf(loss: Loss | LossSchedule, round: number): (epoch: number) => Loss {
  if (!isSchedule(loss)) return () => loss
  if (!loss.atEpoch) {
    const only = loss.atRound(round)
    return () => only
  }
  return (epoch) => {
    const made = loss.atEpoch!(epoch, round)
    if (!isUpdated(made)) return made
    throw new RangeError(
      `Cannot train round ${round}: expected a loss without an update step by epoch, got one with it`,
    )
  }
}

/** The losses of the epochs from `first` up to `end`, each once. */
export function distinctLosses(
  ofEpoch: (epoch: number) => Loss,
  { first, end }: { readonly first: number; readonly end: number },
): readonly Loss[] {
  const losses = new Set([ofEpoch(first)])
  for (let epoch = first + 1; epoch < end; epoch++) losses.add(ofEpoch(epoch))
  return [...losses]
}

/** Throws where an update step has nothing to be measured on, or a measurement no update step. */
export function checkMeasure(data: TrainingData, loss: Loss, measure: Evaluate | undefined): void {
  if (measure && !isUpdated(loss)) throw uselessMeasure('another loss')
  if (!measure && isUpdated(loss) && isDataset(data)) throw nothingToMeasure()
}

/** The error for a measurement that nobody would ask for. */
export function uselessMeasure(got: string): RangeError {
  return new RangeError(
    `Cannot train: expected measure for a loss with an update step only, got ${got}`,
  )
}

function nothingToMeasure(): RangeError {
  return new RangeError(
    'Cannot train: expected measure for a loss with an update step, got a dataset without it',
  )
}

interface UpdateSources {
  readonly data: TrainingData
  readonly context: Pick<TrainingContext, 'model' | 'signal' | 'withDense'>
  readonly measure: Evaluate | undefined
}

/**
 * The update step of a round, to be called after each epoch; undefined for a loss that has none.
 * Measures the training data unless the caller gave something else. Throws before the first step if
 * the model cannot be measured.
 */
export async function updaterOf(
  loss: Loss,
  { data, context, measure }: UpdateSources,
): Promise<(() => Promise<void>) | undefined> {
  if (!isUpdated(loss)) return undefined
  // Parts of a sum that learn from several labels are measured on one each.
  const { learning = [] } = loss.settings?.label === 'all' && !measure ? loss : {}
  if (learning.length > 0) {
    // One after the other: the model has the dense weights while one compares itself with them.
    const updates: Awaited<ReturnType<typeof updaterOf>>[] = []
    for (const part of learning) updates.push(await updaterOf(part, { data, context, measure }))
    return async () => {
      for (const update of updates) await update?.()
    }
  }
  const evaluate = measure ?? onTrainingData(data, loss)
  const { model, signal, withDense } = context
  await evaluate.check?.(model)
  if (withDense) loss.compareWith?.(await withDense(async () => evaluate(model, { signal })))
  return async () => void loss.update(await evaluate(model, { signal }))
}

function onTrainingData(data: TrainingData, loss: UpdatedLoss): Evaluate {
  if (isDataset(data)) throw nothingToMeasure()
  const { positiveClass = 1, output = 'auto', label } = loss.settings ?? {}
  const grouped = loss.groups?.read(labelValues(data), labelColumns(data))
  const evaluate = evaluateOn(grouped ? { xs: data.xs, ys: grouped.labels } : data, {
    positiveClass: positiveClass as number,
    output: output as OutputOption,
    ...(typeof label === 'number' && { label }),
  })
  if (!grouped) return evaluate
  const { groups } = grouped
  const withGroups: Evaluate = async (model, context) =>
    Object.assign(await evaluate(model, context), { groups })
  return Object.assign(withGroups, { check: evaluate.check })
}
