import {
  abs,
  add,
  cast,
  dispose,
  div,
  mul,
  ones,
  type Scalar,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { resetStates } from '../internal/model-states.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { isTable, layoutOf } from '../layer-kinds/layout.js'
import { outputOf } from '../layer-kinds/output-of.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import { gradientsOf } from './gradients-of.js'
import { inferOnBatch } from './infer-on-batch.js'

const task = 'gather the flow'

/**
 * Runs `work` while the model has the weights of the flow R = 1^T prod |W_l| 1, and tells it what
 * each was multiplied with; the model has its own again afterwards.
 *
 * They are absolute weights without shifts. Each kernel is scaled so that its outputs sum to 1 on
 * average: deep networks then neither overflow nor vanish. In a network that is homogeneous in each
 * layer this multiplies all of R, and with it all scores |w dR/dw|, by one number.
 */
export async function withFlowWeights<T>(
  model: LayersModel,
  work: (scales: Readonly<Record<string, number>>) => T,
): Promise<T> {
  const all = modelWeights(model)
  const scales: Record<string, number> = {}
  for (const weight of all) scales[weight.name] = await scaleOf(weight)
  const own = all.map(({ variable }) => variable.clone())
  try {
    tidy(() => {
      for (const { name, variable } of all) {
        variable.assign(
          cast(mul(abs(variable), scales[name]!), variable.dtype as 'float32') as typeof variable,
        )
      }
    })
    return work(scales)
  } finally {
    all.forEach(({ variable }, i) => void variable.assign(own[i] as typeof variable))
    dispose(own)
  }
}

async function scaleOf(weight: ModelWeight): Promise<number> {
  const { shape, variable } = weight
  const { use } = layoutOf(weight)
  if (use === 'shift' || use === 'mean') return 0
  if (shape.length < 2) return 1
  // Row by row: a sum of millions of float32 values stands still.
  const mean = tidy(() => sum(sum(mul(abs(variable), 1 / variable.size), -1)))
  const [value] = await mean.data()
  mean.dispose()
  const units = unitAxes(weight).reduce((product, axis) => product * shape[axis]!, 1)
  return value! > 0 ? units / variable.size / value! : 1
}

/**
 * Throws unless a flow goes through the model and these weights: an input of ones needs all its
 * sides, and would look up one row of a table alone.
 */
export function checkFlow(model: LayersModel, weights: readonly ModelWeight[]): void {
  outputOf(model, { task, output: 'logits', isOption: false })
  const open = model.inputs.find(({ shape: [, ...sides] }) => sides.includes(null))
  if (open) {
    const got = `[${open.shape.map((side) => side ?? 'null').join(', ')}]`
    throw new RangeError(
      `Cannot ${task}: expected inputs whose sides are given, but for the samples, got ${got}: ` +
        'build the model with inputShape as large as its samples are',
    )
  }
  const table = weights.find((weight) => isTable(layoutOf(weight)))
  if (!table) return
  const wanted = `Cannot ${task} of ${table.name}: expected a weight that inputs are multiplied with`
  throw new RangeError(`${wanted}, got a table: leave it out with the option select`)
}

/**
 * dR/dw of each weight with respect to its own values, for a model that has those of
 * {@link withFlowWeights}.
 */
export function flowGradients(
  model: LayersModel,
  weights: readonly ModelWeight[],
  scales: Readonly<Record<string, number>>,
): Record<string, Tensor> {
  resetStates(model)
  const variables = weights.map(({ variable }) => variable)
  return tidy(() => {
    const inputs = model.inputs.map(({ shape }) => ones(shape.map((side) => side ?? 1)))
    const flow = () => {
      const outputs = [inferOnBatch(model, inputs)].flat()
      // A model whose batch is fixed computes the same flow as often as that.
      const flows = outputs.map((output) => div(sum(output), inputs[0]!.shape[0]!))
      return flows.reduce((a, b) => add(a, b)) as Scalar
    }
    const gradients = gradientsOf(flow, variables)
    return Object.fromEntries(
      weights.map(({ name }, i) => [name, mul(gradients[i]!, scales[name]!)]),
    )
  })
}
