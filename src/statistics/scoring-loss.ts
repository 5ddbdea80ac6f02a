import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { bindLoss } from '../losses/bind-loss.js'
import { weightedCrossentropy } from '../losses/weighted-crossentropy.js'
import type { Loss, ScoringSamples } from '../types.js'
import { isOfGradients } from './gradient-statistics.js'
import type { FullNeed } from './needs.js'

interface Asked {
  readonly model: LayersModel
  readonly needs: readonly FullNeed[]
}

/** The loss of the samples, bound to the outputs of the model where its gradients are needed. */
export function scoringLoss(
  { loss = weightedCrossentropy() }: ScoringSamples,
  { model, needs }: Asked,
): Loss {
  const task = 'gather statistics'
  checkFunction(loss, { task, name: 'loss' })
  const isNeeded = needs.some(({ statistic }) => isOfGradients(statistic))
  return isNeeded ? bindLoss(loss, { model, task }) : loss
}
