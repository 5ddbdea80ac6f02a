import type { LayerToWrite, Weight } from './layer-writer.js'
import { cellKind } from './recurrent-cells.js'

/**
 * A kernel `[rows, gates x units]` as ONNX has it, `[1, gates x units, rows]`, gates in its order.
 */
function turned({ shape, values }: Omit<Weight, 'name'>, gates: readonly number[]): Float32Array {
  const [rows, columns] = shape as [number, number]
  const units = columns / gates.length
  const result = new Float32Array(values.length)
  for (const [place, gate] of gates.entries())
    for (let unit = 0; unit < units; unit++)
      for (let row = 0; row < rows; row++)
        result[(place * units + unit) * rows + row] = values[row * columns + gate * units + unit]!
  return result
}

/** Parts laid one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

/** The name of the constant that holds a weight of all cells: one direction after the other. */
function kernelOf(cells: readonly LayerToWrite[], role: 'kernel' | 'recurrent_kernel'): string {
  const weights = cells.map((cell) => cell.weight(role)!)
  const [rows, columns] = weights[0]!.shape as [number, number]
  return cells[0]!.graph.constant(weights.map(({ name }) => name).join('|'), () => ({
    shape: [cells.length, columns, rows],
    values: joined(weights.map((weight, i) => turned(weight, cellKind(cells[i]!).gates))),
    channelAxis: 1,
  }))
}

/** ONNX has a second bias for the state, which is 0 here. */
function biasOf(cells: readonly LayerToWrite[]): string {
  const biases = cells.map((cell) => cell.weight('bias'))
  if (!biases[0]) return ''
  const length = biases[0].values.length
  return cells[0]!.graph.constant(biases.map((bias) => bias!.name).join('|'), () => ({
    shape: [cells.length, 2 * length],
    values: joined(
      biases.flatMap((bias, i) => {
        const column = { shape: [1, length], values: bias!.values }
        return [turned(column, cellKind(cells[i]!).gates), new Float32Array(length)]
      }),
    ),
  }))
}

/** The names of the weights of cells, as the inputs of a recurrent operation; '' for no bias. */
export function cellWeights(cells: readonly LayerToWrite[]): readonly [string, string, string] {
  return [kernelOf(cells, 'kernel'), kernelOf(cells, 'recurrent_kernel'), biasOf(cells)]
}
