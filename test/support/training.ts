import {
  dispose,
  losses,
  type Optimizer,
  type Scalar,
  type Tensor,
  tensor2d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { randomValues } from './weights.js'

/** Four inputs and two targets a sample that do not fit a linear map, seeded. */
export function trainingData(samples = 8, seed = 1): { xs: Tensor; ys: Tensor } {
  const inputs = randomValues(4 * samples, seed)
  const targets = Float32Array.from({ length: 2 * samples }, (_, i) => Math.sin(5 * inputs[2 * i]!))
  return { xs: tensor2d(inputs, [samples, 4]), ys: tensor2d(targets, [samples, 2]) }
}

interface LoopOptions {
  readonly steps: number
  /**
   * How `applyGradients` gets the gradients; 'minimize' leaves it to the optimizer. @default 'map'
   */
  readonly form?: 'map' | 'list' | 'minimize'
  /** Changes the gradients before they are applied; what it makes is left to the caller. */
  readonly change?: (gradients: Record<string, Tensor>) => Record<string, Tensor>
}

const BATCHES = 16

/**
 * A hand-written loop: mean squared error over batches of 8 in turn, `variableGrads`,
 * `applyGradients`.
 */
export function trainByHand(model: LayersModel, optimizer: Optimizer, options: LoopOptions): void {
  const { steps, form = 'map', change = (gradients) => gradients } = options
  const batches = Array.from({ length: BATCHES }, (_, i) => trainingData(8, i))
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  for (let step = 0; step < steps; step++) {
    const { xs, ys } = batches[step % BATCHES]!
    const cost = () =>
      losses.meanSquaredError(ys, model.apply(xs, { training: true }) as Tensor) as Scalar
    if (form === 'minimize') {
      optimizer.minimize(cost, false, variables)
      continue
    }
    const { value, grads } = variableGrads(cost, variables)
    const changed = change(grads)
    const list = Object.entries(changed).map(([name, tensor]) => ({ name, tensor }))
    optimizer.applyGradients((form === 'list' ? list : changed) as never)
    dispose([value, ...Object.values(grads), ...Object.values(changed)])
  }
  dispose(batches as never)
}
