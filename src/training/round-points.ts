import type { Optimizer } from '@tensorflow/tfjs-core'
import type { Loss, TrainingContext, TrainingPosition } from '../types.js'
import type { BestSoFar } from './best-epoch.js'
import type { FitOptions } from './fit-options.js'
import { memoryOf } from './updated-loss.js'

/** The state of `fit` within a round, beside the weights and the optimizer. */
interface OwnState {
  readonly best?: BestSoFar | undefined
  /** The numbers that the updates of the loss have moved. */
  readonly loss?: unknown
}

interface PointSources {
  readonly context: TrainingContext
  readonly options: FitOptions
  readonly loss: Loss
  readonly held: Optimizer
}

/** The state within a round: the one to go on from, and how it is kept. */
export interface RoundPoints {
  /** Where the round goes on, in the middle or at its start. */
  readonly at: TrainingPosition
  /** The best epoch before, if any. */
  readonly best: BestSoFar | undefined
  /** Keeps the state after an epoch where `checkpointEvery` says so, but for the last of a round. */
  readonly keep: (at: TrainingPosition, best: BestSoFar | undefined) => Promise<void>
}

/**
 * Takes up the state of an interrupted round. Throws before the first step where the state could not
 * be kept to the bit.
 */
export function openPoints({ context, options, loss, held }: PointSources): RoundPoints {
  const { points, resumeAt } = context
  const { checkpointEvery, epochs } = options
  const isKept = points !== undefined && checkpointEvery !== undefined
  if (isKept) points.check(held)
  const own = (points?.from?.own ?? {}) as OwnState
  const memory = isKept || own.loss !== undefined ? memoryOf(loss) : undefined
  if (own.loss !== undefined) memory?.write(own.loss)
  return {
    at: points?.from?.position ?? resumeAt,
    best: own.best,
    keep: async (position, best) => {
      const isDue = (position.epoch - resumeAt.epoch) % (checkpointEvery ?? 1) === 0
      if (!isKept || !isDue || position.epoch >= epochs) return
      const state: OwnState = { ...(best && { best }), ...(memory && { loss: memory.read() }) }
      await points.save({ position, own: state }, held)
    },
  }
}
