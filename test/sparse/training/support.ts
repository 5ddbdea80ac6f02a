import {
  memory,
  type Optimizer,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Mask, maskedOptimizer } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll } from 'vitest'
import { modelWeights } from '../../../src/internal/model-weights.js'
import { openTraining } from '../../../src/sparse/training/open-training.js'
import { costByTensors } from '../../../src/training/cost-by-tensors.js'
import { holdNorms } from '../../../src/training/hold-norms.js'

/** tfjs alone trains no convolutions on wasm. */
beforeAll(() => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
})

/** The elements that a mask keeps, by the weight's variable. */
export function keptBy(model: LayersModel, mask: Mask): Map<Variable, Uint8Array> {
  const variables = new Map(modelWeights(model).map(({ name, variable }) => [name, variable]))
  return new Map(mask.weights.map(({ name, values }) => [variables.get(name)!, values]))
}

/** Values of an input as an engine takes them. */
export const floatsOf = (input: Tensor) => Float32Array.from(input.dataSync())

interface Steps {
  readonly model: LayersModel
  readonly mask: Mask
  readonly inputs: readonly Tensor[]
  readonly costOf: (outputs: Tensor) => Scalar
  readonly makeOptimizer: () => Optimizer
  readonly steps: number
}

/** Weights after some steps, and the last loss. */
interface Outcome {
  readonly loss: number
  readonly weights: readonly Float32Array[]
}

const weightsOf = (model: LayersModel) =>
  model.getWeights().map((weight) => Float32Array.from(weight.dataSync()))

/** Steps of tfjs with a masked optimizer. */
export function stepsOfTfjs({ model, mask, inputs, costOf, makeOptimizer, steps }: Steps): Outcome {
  const optimizer = maskedOptimizer(model, makeOptimizer(), mask)
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const hold = holdNorms(model)
  let loss = Number.NaN
  for (let i = 0; i < steps; i++) {
    const cost = optimizer.minimize(
      () => {
        const xs = inputs.length === 1 ? inputs[0]! : [...inputs]
        return costOf(hold(() => model.apply(xs, { training: true })) as Tensor)
      },
      true,
      variables,
    )!
    loss = cost.dataSync()[0]!
    cost.dispose()
  }
  optimizer.dispose()
  return { loss, weights: weightsOf(model) }
}

/** The same steps compiled; all tensors but the optimizer's own slots are gone afterwards. */
export async function stepsOfSparse(
  { model, mask, inputs, costOf, makeOptimizer, steps }: Steps,
  clipNorm?: number,
): Promise<Outcome & { readonly left: number }> {
  const optimizer = makeOptimizer()
  const before = memory().numTensors
  const training = await openTraining({ model, kept: keptBy(model, mask), optimizer, clipNorm })
  let loss = Number.NaN
  for (let i = 0; i < steps; i++) {
    loss = training.work.step(inputs.map(floatsOf), costByTensors(costOf))
  }
  await training.work.save()
  training.dispose()
  const slots = (await optimizer.getWeights()).map(({ tensor }) => tensor)
  const left = memory().numTensors - before - slots.length
  slots[0]!.dispose()
  optimizer.dispose()
  return { loss, weights: weightsOf(model), left }
}

/** The largest difference of two lists of weights, as a share of the largest weight. */
export function differenceOf(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let [worst, largest] = [0, 1e-30]
  for (const [i, weights] of a.entries()) {
    for (const [k, value] of weights.entries()) {
      largest = Math.max(largest, Math.abs(value))
      worst = Math.max(worst, Number.isNaN(b[i]![k]!) ? Infinity : Math.abs(value - b[i]![k]!))
    }
  }
  return worst / largest
}
