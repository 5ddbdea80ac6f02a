import { bindLoss } from '../losses/bind-loss.js'
import type { Loss, LossSchedule, TrainingContext } from '../types.js'
import { distinctLosses, lossesOf } from './updated-loss.js'

interface RoundLosses {
  /** The loss of each epoch, bound to the model. */
  readonly losses: (epoch: number) => Loss
  /** Those of the epochs that are left, each once, the next one first. */
  readonly all: readonly [Loss, ...Loss[]]
  /** Whether one of them expects probabilities. */
  readonly isOfProbabilities: boolean
}

/** The losses of a round for the outputs of its model. */
export function roundLosses(
  loss: Loss | LossSchedule,
  { model, round, resumeAt }: TrainingContext,
  epochs: number,
): RoundLosses {
  const ofEpoch = lossesOf(loss, round)
  const bind = (one: Loss) => bindLoss(one, { model, task: 'train' })
  const given = distinctLosses(ofEpoch, { first: resumeAt.epoch, end: epochs })
  return {
    losses: (epoch) => bind(ofEpoch(epoch)),
    all: given.map(bind) as [Loss, ...Loss[]],
    isOfProbabilities: given.some(({ settings }) => settings?.output === 'probabilities'),
  }
}
