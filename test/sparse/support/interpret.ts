import type { Network, Operation, Shape, Step } from '../../../src/sparse/network/network.js'
import { activation, softmaxRow } from './interpret-elements.js'
import { arranged, concatenated, merged } from './interpret-places.js'
import { recurrent } from './interpret-recurrent.js'
import { globallyPooled, pooled, product } from './interpret-windows.js'

/** Values of one sample, with their shape. */
export interface Sample {
  readonly values: Float32Array
  readonly shape: Shape
}

/**
 * Runs a network by obvious loops, slowly: the truth that programs are compared with. Sums are
 * float64, values between operations float32.
 *
 * @param inputs Elements of a batch in row-major order, in the order of the network's inputs.
 * @returns The same for its outputs.
 */
export function interpret(
  network: Network,
  inputs: readonly Float32Array[],
  batch: number,
): Float32Array[] {
  const values = new Map<number, Float32Array>()
  for (const [i, value] of network.inputs.entries()) {
    const wanted = batch * sizeOf(network.shapes[value]!)
    if (inputs[i]?.length !== wanted) throw new Error(`input ${i} has no ${wanted} elements`)
    values.set(value, inputs[i])
  }
  for (const step of network.steps) {
    if (values.has(step.output)) throw new Error(`value ${step.output} is written twice`)
    const read = step.inputs.map((value) => {
      const found = values.get(value)
      if (!found) throw new Error(`${step.layer} reads value ${value} before it is written`)
      return found
    })
    values.set(step.output, runStep(network, step, read, batch))
  }
  return network.outputs.map((value) => values.get(value)!)
}

function runStep(
  { shapes }: Network,
  { operation, inputs, output, layer }: Step,
  read: readonly Float32Array[],
  batch: number,
): Float32Array {
  const shape = shapes[output]!
  const size = sizeOf(shape)
  const inShapes = inputs.map((value) => shapes[value]!)
  if (operation.kind === 'layerCall') {
    const given = read.map((values, i) => ({ values, shape: inShapes[i]! }))
    const { values } = operation.call(given, batch)
    if (values.length !== batch * size) throw new Error(`${layer} has another size`)
    return values
  }
  const all = new Float32Array(batch * size)
  for (let n = 0; n < batch; n++) {
    const samples = read.map((values, i) => {
      const length = sizeOf(inShapes[i]!)
      return { values: values.subarray(n * length, (n + 1) * length), shape: inShapes[i]! }
    })
    const made = runOperation(operation, samples, shape)
    if (made.length !== size) throw new Error(`${layer} has ${made.length} elements, not ${size}`)
    all.set(made, n * size)
  }
  return all
}

/** One operation on one sample. */
export function runOperation(
  operation: Operation,
  inputs: readonly Sample[],
  shape: Shape,
): ArrayLike<number> {
  const [input] = inputs as [Sample]
  const { values } = input
  const channels = input.shape.at(-1) ?? 1
  switch (operation.kind) {
    case 'product':
      return product(operation, input, shape)
    case 'pool':
      return pooled(operation, input, shape)
    case 'globalPool':
      return globallyPooled(operation, input)
    case 'scale':
      return values.map(
        (x, i) => x * operation.factors[i % channels]! + operation.terms[i % channels]!,
      )
    case 'activate':
      return values.map(activation(operation))
    case 'parametricRelu':
      return values.map((x, i) => (x > 0 ? x : x * operation.alpha[i]!))
    case 'softmax':
      return inRows(input, (row) => softmaxRow(row, operation.log))
    case 'layerNormalise':
      return inRows(input, (row) => {
        const mean = sum(row) / row.length
        const variance = sum(row.map((x) => (x - mean) ** 2)) / row.length
        const deviation = Math.sqrt(variance + operation.epsilon)
        return row.map(
          (x, i) => ((x - mean) / deviation) * operation.factors[i]! + operation.terms[i]!,
        )
      })
    case 'merge':
      return merged(operation, inputs, shape)
    case 'concatenate':
      return concatenated(operation, inputs, shape)
    case 'reshape':
      return values
    case 'permute':
    case 'pad':
    case 'crop':
    case 'enlarge':
    case 'spread':
      return arranged(operation, input, shape)
    case 'recurrent':
      return recurrent(operation, input, shape)
    case 'layerCall':
      throw new Error('a layer of tfjs runs on batches')
    default:
      throw new Error(`${operation.kind} belongs to training`)
  }
}

/** Calls a function on each row along the last axis. */
function inRows({ values, shape }: Sample, change: (row: number[]) => number[]): number[] {
  const length = shape.at(-1)!
  const rows: number[] = []
  for (let at = 0; at < values.length; at += length)
    rows.push(...change([...values.subarray(at, at + length)]))
  return rows
}

function sum(row: readonly number[]): number {
  return row.reduce((total, x) => total + x, 0)
}

function sizeOf(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1)
}
