import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { bindLoss } from '../losses/bind-loss.js'
import { forLabel } from '../losses/for-label.js'
import { weightedCrossentropy } from '../losses/weighted-crossentropy.js'
import type { Loss, ScoringSamples } from '../types.js'
import { isOfGradients } from './gradient-statistics.js'
import type { FullNeed } from './needs.js'

interface Asked {
  readonly model: LayersModel
  readonly needs: readonly FullNeed[]
}

/** The loss of the samples, bound to the outputs of the model where its gradients are needed. */
export function scoringLoss({ loss: given, label }: ScoringSamples, { model, needs }: Asked): Loss {
  const task = 'gather statistics'
  const own = label === undefined ? weightedCrossentropy() : forLabel(weightedCrossentropy(), label)
  const loss = given ?? own
  checkFunction(loss, { task, name: 'loss' })
  const { output, label: ofLoss } = loss.settings ?? {}
  if (label !== undefined && output !== undefined && ofLoss === undefined) {
    const wanted = `a loss of labels, such as forLabel(loss, ${label})`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got one of classes`)
  }
  const isNeeded = needs.some(({ statistic }) => isOfGradients(statistic))
  return isNeeded ? bindLoss(loss, { model, task }) : loss
}
