import { add, mul, ones, type Scalar, sum, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { unitAxes } from '../granularity/kernel-axes.js'
import { checkOutputKind } from '../internal/check-output-kind.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { WeightValues } from '../internal/weight-values.js'
import { gradientsOf } from './gradients-of.js'
import { inferOnBatch } from './infer-on-batch.js'
import { classNameOf } from './layer-inputs.js'

const SHIFTS = /(^|\/)(bias|beta|moving_mean)(_\d+)?$/

/** Weights for the flow R = 1^T prod |W_l| 1, and what each was multiplied with. */
export interface FlowNetwork {
  readonly values: WeightValues
  readonly scales: Readonly<Record<string, number>>
}

/**
 * Absolute weights without shifts. Each kernel is scaled so that its outputs sum to 1 on average: deep networks then
 * neither overflow nor vanish. In a network that is homogeneous in each layer this multiplies all of R, and with it all
 * scores |w dR/dw|, by one number.
 */
export function flowNetwork(model: LayersModel, values: Readonly<WeightValues>): FlowNetwork {
  const network: FlowNetwork & { scales: Record<string, number> } = { values: {}, scales: {} }
  for (const weight of modelWeights(model)) {
    const { name, shape, owner } = weight
    const own = values[name]!
    let total = 0
    for (let i = 0; i < own.length; i++) total += Math.abs(own[i]!)
    const axes = unitAxes({ ...weight, className: classNameOf(owner) })
    const units = axes.reduce((product, axis) => product * shape[axis]!, 1)
    const scale = SHIFTS.test(name) ? 0 : shape.length > 1 && total > 0 ? units / total : 1
    const scaled = new Float32Array(own.length)
    for (let i = 0; i < own.length; i++) scaled[i] = Math.abs(own[i]!) * scale
    network.values[name] = scaled
    network.scales[name] = scale
  }
  return network
}

/** dR/dw of each weight with respect to its own values, for a model that has those of a {@link FlowNetwork}. */
export function flowGradients(
  model: LayersModel,
  weights: readonly ModelWeight[],
  scales: FlowNetwork['scales'],
): Record<string, Tensor> {
  checkOutputKind('gather the flow', model, 'logits')
  const variables = weights.map(({ variable }) => variable)
  return tidy(() => {
    const inputs = model.inputs.map(({ shape }) => ones(shape.map((side) => side ?? 1)))
    const flow = () => {
      const outputs = [inferOnBatch(model, inputs)].flat()
      return outputs.map((output) => sum(output)).reduce((a, b) => add(a, b)) as Scalar
    }
    const gradients = gradientsOf(flow, variables)
    return Object.fromEntries(weights.map(({ name }, i) => [name, mul(gradients[i]!, scales[name]!)]))
  })
}
