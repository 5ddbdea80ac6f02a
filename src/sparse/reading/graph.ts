import type { Value } from '../layers/layer-reader.js'
import type { Network, Operation, Shape, Step } from '../network/network.js'

/** A network that grows. */
export interface Graph {
  readonly newValue: (shape: Shape) => Value
  /** Adds a step of a layer. */
  readonly emit: (
    layer: string,
    operation: Operation,
    inputs: readonly Value[],
    shape: Shape,
  ) => Value
  readonly finish: (inputs: readonly Value[], outputs: readonly Value[]) => Network
}

export function newGraph(): Graph {
  const shapes: Shape[] = []
  const steps: Step[] = []
  const newValue = (shape: Shape): Value => ({ id: shapes.push(shape) - 1, shape })
  return {
    newValue,
    emit: (layer, operation, inputs, shape) => {
      const made = newValue(shape)
      steps.push({ layer, operation, inputs: inputs.map(({ id }) => id), output: made.id })
      return made
    },
    finish: (inputs, outputs) => ({
      shapes,
      inputs: inputs.map(({ id }) => id),
      outputs: outputs.map(({ id }) => id),
      steps,
    }),
  }
}
