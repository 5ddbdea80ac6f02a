import {
  broadcastTo,
  div,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import { costOf } from '../training/cost-of.js'
import type { Loss, Statistic } from '../types.js'
import { gradientsOf } from './gradients-of.js'
import { inferOnBatch } from './infer-on-batch.js'
import { type Running, runningSums } from './running-sums.js'

const OWN: readonly Statistic[] = ['gradient', 'squaredGradient', 'unitSaliency']

/** Whether a statistic is one of gradients. */
export function isOfGradients(statistic: Statistic): boolean {
  return OWN.includes(statistic)
}

interface GradientPass {
  readonly weights: readonly ModelWeight[]
  readonly statistics: readonly Statistic[]
  readonly loss: Loss
}

/**
 * Gradients of the loss in inference, batch after batch: means over batches, each by its share of
 * the samples.
 */
export function gradientStatistics(
  model: LayersModel,
  { weights, statistics, loss }: GradientPass,
): Running {
  const sums = runningSums()
  const variables = weights.map(({ variable }) => variable)
  const parts: Partial<Record<Statistic, (gradient: Tensor, weight: ModelWeight) => Tensor>> = {
    gradient: (gradient) => gradient,
    squaredGradient: square,
    unitSaliency,
  }
  return {
    look: ({ xs, ys }, share) => {
      tidy(() => {
        const cost = () =>
          costOf(loss, {
            ys,
            outputs: inferOnBatch(model, xs) as Tensor,
            task: 'gather statistics',
          })
        const gradients = gradientsOf(cost, variables)
        for (const [i, weight] of weights.entries()) {
          const gradient = gradients[i]!
          for (const statistic of statistics) {
            sums.add(`${weight.name} ${statistic}`, mul(parts[statistic]!(gradient, weight), share))
          }
        }
      })
    },
    end: ({ name }, statistic) => sums.of(`${name} ${statistic}`)!.clone(),
    dispose: sums.dispose,
  }
}

/**
 * (sum of w g over a unit)^2, along the axes that units have in the weight. All gates of a unit are
 * one, and each has an equal part.
 */
function unitSaliency(gradient: Tensor, weight: ModelWeight): Tensor {
  const { variable } = weight
  const units = unitAxes(weight)
  const axes = variable.shape.map((_, axis) => axis).filter((axis) => !units.includes(axis))
  const products = mul(variable, gradient)
  const sums = axes.length > 0 ? sum(products, axes, true) : products
  const { gates, axes: dimensions } = layoutOf(weight)
  if (gates === 1) return square(sums)
  const isFirst = dimensions.some(([slowest]) => slowest === 'gate')
  const byGate = reshape(sums, isFirst ? [gates, -1] : [-1, gates])
  const ofUnits = square(sum(byGate, isFirst ? 0 : 1, true))
  return reshape(broadcastTo(div(ofUnits, gates), byGate.shape), sums.shape)
}
