import { mul, square, sum, type Tensor, tidy, variableGrads, zerosLike } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import type { Loss, Statistic } from '../types.js'
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

/** Gradients of the loss in inference, batch after batch: means over batches, each by its share of the samples. */
export function gradientStatistics(model: LayersModel, { weights, statistics, loss }: GradientPass): Running {
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
        const { grads } = variableGrads(() => loss(ys, model.apply(xs, { training: false }) as Tensor), variables)
        for (const weight of weights) {
          // A weight that the loss does not depend on has none.
          const gradient = grads[weight.variable.name] ?? zerosLike(weight.variable)
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

/** (sum of w g over a unit)^2; a depthwise kernel has a unit for each channel and multiplier. */
function unitSaliency(gradient: Tensor, { variable, owner, role }: ModelWeight): Tensor {
  const own = role.startsWith('depthwise_kernel') || owner.getClassName().endsWith('DepthwiseConv2D') ? 2 : 1
  const axes = variable.shape.slice(0, -own).map((_, axis) => axis)
  const products = mul(variable, gradient)
  return square(axes.length > 0 ? sum(products, axes, true) : products)
}
