import type { Network, Operation, SparseMatrix, Step } from './network/network.js'
import type { StepFacts } from './programs/layout/builder.js'
import { sizeOf } from './read-inputs.js'
import type { SparseStats, StepStats } from './sparse-network.js'

/** Facts of a network, step by step, and of the program that runs it. */
export function statsOf(network: Network, facts: readonly StepFacts[], bytes: number): SparseStats {
  const steps = network.steps.map((step, i) => statsOfStep(network, step, facts[i + 1]!))
  const sum = (of: 'multiplyAdds' | 'denseMultiplyAdds') =>
    steps.reduce((total, step) => total + step[of], 0)
  return {
    ...{ steps, bytes },
    multiplyAdds: sum('multiplyAdds'),
    denseMultiplyAdds: sum('denseMultiplyAdds'),
  }
}

function statsOfStep(network: Network, step: Step, { way }: StepFacts): StepStats {
  const { layer, operation } = step
  const matrices = matricesOf(operation)
  const [kept, whole] = [entries(matrices), places(matrices)]
  const pixels = pixelsOf(network, step)
  return {
    ...{ layer, operation: operation.kind },
    way: operation.kind === 'layerCall' ? 'tfjs' : (way ?? 'plain'),
    density: matrices.length > 0 ? kept / whole : undefined,
    multiplyAdds: pixels * (way === 'dense' ? whole : kept),
    denseMultiplyAdds: pixels * whole,
  }
}

function matricesOf(operation: Operation): readonly SparseMatrix[] {
  if (operation.kind === 'product') return [operation.matrix]
  if (operation.kind === 'recurrent') return [operation.kernel, operation.recurrentKernel]
  return []
}

const entries = (matrices: readonly SparseMatrix[]) =>
  matrices.reduce((sum, { values }) => sum + values.length, 0)
const places = (matrices: readonly SparseMatrix[]) =>
  matrices.reduce((sum, { rows, columns, weights }) => sum + (weights ?? rows * columns), 0)

/** How often a matrix is applied in one sample. */
function pixelsOf({ shapes }: Network, { operation, inputs, output }: Step): number {
  const shape = operation.kind === 'recurrent' ? shapes[inputs[0]!]! : shapes[output]!
  return sizeOf(shape) / (shape.at(-1) ?? 1)
}
